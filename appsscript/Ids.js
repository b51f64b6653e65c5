/**
 * Ids of rows: the prefix of their table and five signs that nobody takes for others.
 */

const ID_SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ID_LENGTH = 5;

/**
 * What gives new ids one after the other. One UUID is enough for any number of them.
 *
 * @param {() => string} random another UUID at each call
 * @param {string} prefix
 * @param {Set<string>} taken ids that are in use; each new one is added
 * @returns {() => string}
 */
function idMaker(random, prefix, taken) {
  /** @type {(() => number) | null} */
  let next = null;
  return () => {
    next = next ?? numbersFrom_(random());
    for (;;) {
      let id = `${prefix}-`;
      for (let place = 0; place < ID_LENGTH; place += 1) id += ID_SIGNS[next() & 31];
      if (taken.has(id)) continue;
      taken.add(id);
      return id;
    }
  };
}

/**
 * One new id.
 *
 * @param {() => string} random
 * @param {string} prefix
 * @param {Set<string>} taken
 * @returns {string}
 */
function newId(random, prefix, taken) {
  return idMaker(random, prefix, taken)();
}

/**
 * Numbers of 32 bits that follow from a seed; every part of it counts. Mixed as in Marsaglia's xorshift with a Weyl
 * sequence: enough for ids, not for secrets.
 *
 * @param {string} seed
 * @returns {() => number}
 */
function numbersFrom_(seed) {
  const state = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0xdeadbeef];
  for (let place = 0; place < seed.length; place += 1) {
    state[place % 4] = Math.imul(state[place % 4] ^ seed.charCodeAt(place), 0x01000193);
  }
  let steps = 0;
  const next = () => {
    let mixed = state[3];
    mixed ^= mixed << 11;
    mixed ^= mixed >>> 8;
    state[3] = state[2];
    state[2] = state[1];
    state[1] = state[0];
    state[0] = mixed ^ state[0] ^ (state[0] >>> 19);
    steps = (steps + 362437) | 0;
    return ((state[0] + steps) | 0) >>> 7;
  };
  for (let warm = 0; warm < 16; warm += 1) next();
  return next;
}

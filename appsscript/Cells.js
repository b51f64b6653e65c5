/**
 * What is handed to a sheet so that a cell holds just what was meant, and how few writes many cells take.
 */

/**
 * What `setValues` has to be given. It takes texts as if somebody typed them, so a text that could be read as anything
 * else gets the apostrophe that makes it one; cells of a text type
 * hold all but formulas as text by their format.
 *
 * @param {string} column
 * @param {string} type
 * @param {Entry} value
 * @param {Config} config
 * @returns {any}
 */
function written(column, type, value, config) {
  if (value === null || value === undefined) return '';
  if (value instanceof Date || typeof value === 'boolean') return value;
  if (typeof value === 'number') return isTextType_(column, type, config) ? String(value) : value;
  if (typeof value === 'object') {
    return column.endsWith(JALALI_SUFFIX) ? jalaliText(value.day, config.digits) : isoText(value.day);
  }
  const short = value.slice(0, 50000); // the most that a cell holds
  if (isTextType_(column, type, config)) return short.startsWith('=') ? `'${short}` : short;
  return isReadable_(short) ? `'${short}` : short;
}

/**
 * Whether the cells of a column hold text whatever is typed.
 *
 * @param {string} column
 * @param {string} type
 * @param {Config} config
 * @returns {boolean}
 */
function isTextType_(column, type, config) {
  const types = /** @type {string[]} */ (config.textTypes);
  return column.endsWith(JALALI_SUFFIX) || (types.includes(type) && type !== 'date');
}

/**
 * Whether a sheet might read a typed text as a formula, a number, a date, a time or a truth: better once too often, as
 * nobody sees the apostrophe.
 *
 * @param {string} text
 * @returns {boolean}
 */
function isReadable_(text) {
  if (/^\s*['=+@-]/.test(text) || /^\s*(true|false)\s*$/i.test(text)) return true;
  return text.length <= 60 && /\d/.test(text) && !/[\r\n]/.test(text);
}

/** What the rules of a type accept beside nothing; a sheet refuses all cells of a write for one that it does not. */
const ACCEPTED = /** @type {Record<string, (value: any) => boolean>} */ ({
  money: (value) => typeof value === 'number' && value >= 0,
  integer: (value) => typeof value === 'number' && value >= 0,
  percent: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  score: (value) => typeof value === 'number' && value >= 1 && value <= 5,
  checkbox: (value) => typeof value === 'boolean',
  date: (value) => value instanceof Date || typeof value?.day === 'number',
});

/**
 * Whether a cell takes a value for certain. What people pasted over a rule is there, but cannot be written again.
 *
 * @param {Config} config
 * @param {string} key of the table
 * @param {string} column
 * @param {string} type
 * @param {any} value
 * @returns {boolean}
 */
function isAccepted(config, key, column, type, value) {
  if (value === '' || value === null || value === undefined) return true;
  if (column.endsWith(JALALI_SUFFIX)) return typeof value?.day === 'number' || meantDay(value) !== null;
  if (type !== 'choice') return ACCEPTED[type]?.(value) ?? true;
  const title = chosenTitle(config, key, column, chosenKey(config, key, column, value));
  return title !== '' && title === value;
}

/**
 * A cell to be written: its row's number in the sheet, its place in the row, what `setValues` gets.
 *
 * @typedef {{row: number, place: number, value: any, asText: boolean}} Cell
 */

/**
 * A rectangle of cells to be written in one call.
 *
 * @typedef {{row: number, place: number, values: any[][], asText: boolean}} Block
 */

/** At most so many rectangles for a column: beyond it, cells between are written again as they are. */
const MOST_RUNS = 8;

/**
 * Cells as few rectangles: each at most as large as needed, columns side by side together.
 *
 * @param {Cell[]} cells
 * @param {((row: number, place: number) => any) | null} between what a cell that is not to be changed has to be given so
 *   that it stays as it is, `undefined` where that is not possible; null where no other cell may be touched
 * @returns {Block[]}
 */
function blocksOf(cells, between) {
  /** @type {Map<number, Map<number, Cell>>} */
  const byPlace = new Map();
  for (const one of cells) {
    const column = byPlace.get(one.place) ?? new Map();
    byPlace.set(one.place, column.set(one.row, one));
  }
  /** @type {Block[]} */
  const blocks = [];
  for (const place of [...byPlace.keys()].sort((one, two) => one - two)) {
    const column = /** @type {Map<number, Cell>} */ (byPlace.get(place));
    for (const run of runsOf_([...column.keys()].sort((one, two) => one - two), place, between)) {
      const values = [];
      let asText = false;
      for (let row = run.first; row <= run.last; row += 1) {
        const one = column.get(row);
        values.push([one ? one.value : between?.(row, place)]);
        asText = asText || (one?.asText ?? false);
      }
      blocks.push({ row: run.first, place, values, asText });
    }
  }
  return joined_(blocks);
}

/**
 * Rows as runs; where there are too many, those with the smallest gaps become one.
 *
 * @param {number[]} rows ascending
 * @param {number} place
 * @param {((row: number, place: number) => any) | null} between
 * @returns {{first: number, last: number}[]}
 */
function runsOf_(rows, place, between) {
  /** @type {{first: number, last: number}[]} */
  const runs = [];
  for (const row of rows) {
    const run = runs[runs.length - 1];
    if (run && run.last === row - 1) run.last = row;
    else runs.push({ first: row, last: row });
  }
  if (!between || runs.length <= MOST_RUNS) return runs;
  const gaps = runs.slice(1).map((run, number) => ({ number, size: run.first - runs[number].last }));
  const closed = new Set(
    gaps.sort((one, two) => one.size - two.size).slice(0, runs.length - MOST_RUNS).map((gap) => gap.number),
  );
  /** @type {{first: number, last: number}[]} */
  const merged = [];
  runs.forEach((run, number) => {
    const before = merged[merged.length - 1];
    if (before && closed.has(number - 1) && isWhole_(before.last + 1, run.first, place, between)) before.last = run.last;
    else merged.push({ ...run });
  });
  return merged;
}

/**
 * @param {number} from
 * @param {number} to the row after the last one
 * @param {number} place
 * @param {(row: number, place: number) => any} between
 * @returns {boolean} whether every cell of a gap can be written as it is
 */
function isWhole_(from, to, place, between) {
  for (let row = from; row < to; row += 1) if (between(row, place) === undefined) return false;
  return true;
}

/**
 * Blocks of the same rows in columns side by side, as one.
 *
 * @param {Block[]} blocks by column
 * @returns {Block[]}
 */
function joined_(blocks) {
  /** @type {Block[]} */
  const joined = [];
  for (const block of blocks) {
    const left = joined.find(
      (one) =>
        one.row === block.row &&
        one.values.length === block.values.length &&
        one.asText === block.asText &&
        one.place + one.values[0].length === block.place,
    );
    if (left) left.values.forEach((row, number) => row.push(...block.values[number]));
    else joined.push({ ...block, values: block.values.map((row) => [...row]) });
  }
  return joined;
}

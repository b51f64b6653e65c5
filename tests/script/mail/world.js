// What mails meet in tests: a spreadsheet of a few sheets behind the real book, a store, a lock and a mailbox. Every call
// of a service is counted and may be the last one: then nothing happens any more, whatever the script does, and what was
// written and not flushed is lost or kept, as the test says.

const COLUMNS = {
  leads: { id: 'id', name: 'name', email: 'email', interest: 'choice', status: 'choice', contact_date: 'date', replied_on: 'date', created_at: 'stamp' },
  customers: { id: 'id', name: 'name', company: 'text', email: 'email', consent: 'checkbox', unsubscribed: 'checkbox', last_purchase: '', last_contact: '', last_product: '' },
  deals: { id: 'id', customer: 'reference', product: 'choice', stage: 'choice', closed_on: 'date', customer_id: '' },
  interactions: { id: 'id', date: 'date', customer: 'reference', type: 'choice', details: 'long_text' },
  sequences: { key: 'id', sequence: 'name', audience: 'choice', step: 'integer', delay_days: 'integer', template: 'choice', marketing: 'checkbox', active: 'checkbox' },
  mail_templates: { key: 'id', name: 'name', subject: 'text', body: 'long_text', active: 'checkbox' },
  mail_log: { key: 'id', sent_at: 'stamp', email: 'email', customer: 'text', template: 'text', subject: 'text', status: 'choice', detail: 'long_text' },
  suppressions: { email: 'email', reason: 'choice', since: 'date', source: 'text', notes: 'long_text' },
  settings: { key: 'id', title: 'name', value: 'text', description: 'long_text' },
};
const SECRET = 'a secret';
const MONDAY = new Date(2026, 10, 23, 10, 0, 0);

class Death extends Error {}

/** Records by table; `settings` is a record of its own. A table that is null has no sheet. */
function makeWorld(records = {}, now = MONDAY) {
  const world = {
    calls: 0, killAt: Infinity, killAfter: false, dead: false, counts: {}, at: {}, cost: {}, now: new Date(now), user: 'me@example.com',
    store: new Map([['spreadsheet', 'S1'], ['secret', SECRET]]), sheets: {}, sent: [], quota: 1000, locked: false, fail: null, letters: [],
  };
  const settings = { mail_mode: 'live', mail_first_live: 1000, mail_daily_cap: 1000, mail_reserve: 0, inactive_days: 100, ...records.settings };
  const all = { ...records, settings: Object.entries(settings).map(([key, value]) => ({ key, title: key, value })) };
  for (const [key, types] of Object.entries(COLUMNS)) {
    if (all[key] === null) continue;
    const columns = Object.keys(types);
    const rows = (all[key] ?? []).map((record) => columns.map((column) => record[column] ?? ''));
    world.sheets[key] = { columns, types, saved: [columns.map((column) => column.toUpperCase()), ...rows], pending: [], size: rows.length + 30 };
  }
  return world;
}

/** One call of a service. */
function called(world, name, act) {
  if (world.dead) throw new Death(name);
  world.calls += 1;
  world.counts[name] = (world.counts[name] ?? 0) + 1;
  world.at[world.calls]?.(world);
  world.now = new Date(world.now.getTime() + (world.cost[name] ?? 0));
  if (world.calls === world.killAt && !world.killAfter) world.dead = true;
  if (world.dead) throw new Death(name);
  const value = act();
  if (world.calls === world.killAt) world.dead = true;
  if (world.dead) throw new Death(name);
  return value;
}

/** What was written and waits comes into the sheet. */
function settle(sheet) {
  for (const change of sheet.pending.splice(0)) change();
}

/** The end of a run: the lock is free again. `keep`: what was not flushed came into the sheets all the same. */
function endRun(world, keep = true) {
  for (const sheet of Object.values(world.sheets)) {
    if (!keep) sheet.pending.length = 0;
    settle(sheet);
  }
  Object.assign(world, { dead: false, locked: false, killAt: Infinity, calls: 0, counts: {}, at: {} });
}

function gridOf(world, key) {
  const sheet = world.sheets[key];
  if (!sheet) return null;
  const padded = (row) => sheet.columns.map((_, place) => row?.[place] ?? '');
  const read = (name, act) => called(world, `${name} ${key}`, () => (settle(sheet), act()));
  const change = (name, act) => called(world, `${name} ${key}`, () => void sheet.pending.push(act));
  return {
    key,
    title: () => key,
    layout: () => called(world, `layout ${key}`, () => {
      const typed = Object.fromEntries(Object.entries(sheet.types).filter(([, type]) => type));
      const columns = Object.fromEntries(sheet.columns.map((column, place) => [column, place]).filter(([column]) => column));
      return { columns, types: typed, header: 1, width: sheet.columns.length };
    }),
    all: () => read('all', () => sheet.saved.map(padded)),
    values: (row, column, rows, columns) =>
      read('values', () => Array.from({ length: rows }, (_, number) => padded(sheet.saved[row - 1 + number]).slice(column - 1, column - 1 + columns))),
    formulas: () => [],
    write: (row, column, values) =>
      change('write', () => values.forEach((line, number) => {
        while (sheet.saved.length < row + number) sheet.saved.push([]);
        const there = (sheet.saved[row - 1 + number] = padded(sheet.saved[row - 1 + number]));
        line.forEach((value, place) => (there[column - 1 + place] = typeof value === 'string' ? value.replace(/^'/, '') : value));
      })),
    rows: () => read('rows', () => Math.max(sheet.size, sheet.saved.length)),
    addAfter: (row, rows) => change('grow', () => (sheet.size = Math.max(sheet.size, row) + rows)),
    addBefore: (row, rows) => change('grow', () => (sheet.size = Math.max(sheet.size, row) + rows)),
    remove: (row, rows) => change('remove', () => (sheet.saved.splice(row - 1, rows), (sheet.size -= rows))),
  };
}

/** The services of one run. */
function servicesOf(world) {
  let depth = 0;
  let number = 0;
  const flush = () => called(world, 'flush', () => Object.values(world.sheets).forEach(settle));
  const finder = { find: (key) => called(world, `find ${key}`, () => gridOf(world, key)), grid: () => null, flush, id: () => 'S1' };
  const clock = { now: () => world.now, random: () => `R${(number += 1)}` };
  const book = makeBook(finder, CONFIG, clock);
  return {
    book: () => book,
    now: () => new Date(world.now),
    random: () => `${world.now.getTime()}-${(world.uuid = (world.uuid ?? 0) + 1)}`,
    user: () => world.user,
    store: () => ({
      get: (key) => called(world, 'store', () => world.store.get(key) ?? null),
      set: (key, text) => called(world, 'store', () => {
        if (new TextEncoder().encode(text).length > 9216) throw new Error(`${key} is too long`);
        world.store.set(key, text);
      }),
      remove: (key) => called(world, 'store', () => void world.store.delete(key)),
      keys: () => called(world, 'store', () => [...world.store.keys()]),
    }),
    lock: () => ({
      take: () => called(world, 'lock', () => {
        if (world.locked && !depth) return false;
        world.locked = true;
        depth += 1;
        return true;
      }),
      free: () => called(world, 'lock', () => {
        depth -= 1;
        if (!depth) world.locked = false;
      }),
    }),
    mail: () => ({
      left: () => called(world, 'left', () => world.quota),
      send: (mail) => called(world, 'send', () => {
        const fault = world.fail?.(mail, world.sent.length);
        if (fault) throw new Error(fault);
        if (world.quota < 1) throw new Error('Service invoked too many times for one day: email.');
        world.quota -= 1;
        world.sent.push({ ...mail, at: new Date(world.now) });
      }),
    }),
    inbox: () => ({ since: (moment, until) => called(world, 'inbox', () => world.letters.filter(({ date }) => date >= moment && (!until || date < until))) }),
    web: () => ({ url: () => (CONFIG.google.web ? 'https://example.com/exec' : ''), answer: (html) => ({ html }) }),
    sign: (text, secret) => called(world, 'sign', () => `${[...`${secret}${text}`].reduce((sum, sign) => (sum * 31 + sign.codePointAt(0)) >>> 0, 7)}`),
    spreadsheet: () => { throw new Error('not here'); },
  };
}

/** A run of a story that may die: what it returned, or "dead". */
function run(world, story, keep = true) {
  const services = servicesOf(world);
  let value;
  try {
    value = story(services, CONFIG, services.book());
  } catch (error) {
    if (!(error instanceof Death)) throw error;
    value = 'dead';
  }
  const { counts, calls } = world;
  endRun(world, keep);
  return { value, counts, calls };
}

function inHours(hours) {
  return (services) => new Date(services.now().getTime() + hours * 3600000);
}

/** The records of a sheet as it stands. */
function rowsOf(world, key) {
  const { columns, saved } = world.sheets[key];
  const records = saved.slice(1).map((row) => Object.fromEntries(columns.map((column, place) => [column, row[place] ?? ''])));
  return records.filter((record) => Object.values(record).some((value) => value !== '' && value !== false));
}

const title = (list, key) => choiceTitle(CONFIG, list, key);
const day = (date) => dayOfMoment(date);
const daysBefore = (days, now = MONDAY) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - days, 12);
const lead = (number, more = {}) => ({ id: `L-${String(number).padStart(5, '0')}`, name: `Person ${number}`, email: `p${number}@example.com`, status: title('lead_status', 'new'), contact_date: daysBefore(0), ...more });
const customer = (number, more = {}) => ({ id: `C-${String(number).padStart(5, '0')}`, name: `Buyer ${number}`, email: `c${number}@example.com`, consent: true, ...more });
const STEPS = [
  ['lead_welcome', 'lead', 1, 0, 'welcome', false], ['lead_follow_up', 'lead', 2, 10, 'follow_up', false], ['won_thanks', 'won', 1, 1, 'thanks', false],
  ['inactive_re_engage', 'inactive', 1, 0, 're_engage', true],
];
const sequences = STEPS.map(([key, audience, step, delay_days, template, marketing]) => ({ key, sequence: audience, audience: title('mail_audience', audience), step, delay_days, template, marketing, active: true }));
const mail_templates = ['welcome', 'follow_up', 'thanks', 're_engage'].map((key) => ({ key, name: key, subject: `${key} {{name}}`, body: `Dear {{name}},\n\nhello.`, active: true }));
const base = (records, now) => makeWorld({ sequences, mail_templates, ...records }, now);
const message = (number, more = {}) => ({ key: `step:L-${number}::p${number}@example.com`, to: `p${number}@example.com`, subject: `S${number}`, text: 'T', html: '<p>T</p>', template: 'welcome', contact: `P ${number}`, ...more });
const statusOf = (record) => choiceKey(CONFIG, 'mail_status', record.status);
const go = (audiences) => (services, config, book) => followUpRun(services, config, book, inHours(1)(services), audiences);
const send = (messages, hours = 1) => (services, config, book) => sendAll(services, config, book, messages, inHours(hours)(services));

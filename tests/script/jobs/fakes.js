// A spreadsheet and Google's services in memory, for the script's own code. Every call counts, and any of them may be the
// last one of a run: then no later call has an effect, and writes that nobody flushed or read are kept or lost.

const COLUMNS = {
  leads: { id: 'id', name: 'name', email: 'email', status: 'choice', contact_date: 'date', next_action: 'text', next_action_date: 'date', owner: 'choice', notes: 'long_text', replied_on: 'date', status_since: 'stamp', created_at: 'stamp', updated_at: 'stamp' },
  customers: { id: 'id', name: 'name', company: 'text', email: 'email', status: 'choice', next_follow_up: 'date', owner: 'choice', consent: 'checkbox', unsubscribed: 'checkbox', last_purchase: '', last_contact: '', created_at: 'stamp', updated_at: 'stamp' },
  deals: { id: 'id', customer: 'reference', customer_id: '', product: 'choice', amount: 'money', stage: 'choice', expected_close: 'date', closed_on: 'date', owner: 'choice', created_at: 'stamp', updated_at: 'stamp' },
  tasks: { id: 'id', title: 'name', done: 'checkbox', due: 'date', assignee: 'choice', status: 'choice', customer: 'reference', done_at: 'stamp', created_at: 'stamp', updated_at: 'stamp' },
  interactions: { id: 'id', date: 'date', customer: 'reference', type: 'choice', created_at: 'stamp', updated_at: 'stamp' },
  settings: { key: 'id', title: 'name', value: 'text', description: 'long_text' },
  archive: { id: 'id', table: 'text', name: 'name', archived_at: 'stamp', content: 'long_text' },
  sequences: { key: 'id', sequence: 'name', audience: 'choice', step: 'integer', delay_days: 'integer', template: 'choice', marketing: 'checkbox', active: 'checkbox' },
  mail_templates: { key: 'id', subject: 'text', body: 'long_text', language: 'text', active: 'checkbox' },
  mail_log: { key: 'id', sent_at: 'stamp', email: 'email', customer: 'text', template: 'text', subject: 'text', status: 'choice', detail: 'long_text' },
  suppressions: { email: 'email', reason: 'choice', since: 'stamp', source: 'text' },
};

class Killed extends Error {}

const copyOf = (cells) => Object.fromEntries(Object.entries(cells).map(([key, rows]) => [key, rows.map((row) => [...row])]));

/** What a cell holds after `setValues` was given a value: as if somebody had typed it. */
function typedIn(value) {
  if (typeof value !== 'string') return value;
  if (value.startsWith("'")) return value.slice(1);
  const date = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value);
  return date ? new Date(Number(date[1]), Number(date[2]) - 1, Number(date[3])) : value;
}

/** A world: `records` by table; a table that is not named is empty, one that is null is gone. */
function makeWorld(records = {}, more = {}) {
  const world = { calls: {}, count: 0, killAt: Infinity, keep: true, dead: false, cost: 0, time: new Date(2026, 10, 24, 10, 5).getTime(), id: 'SHEET', user: 'maya@example.com', store: {}, marks: {}, triggers: [], sent: [], shown: [], answers: [], active: [], busy: false, quota: 100, cells: {}, ...more };
  world.columns = more.columns ?? COLUMNS;
  for (const [key, columns] of Object.entries(world.columns)) {
    const rows = records[key] === undefined ? [] : records[key];
    if (rows) world.cells[key] = [Object.keys(columns), ...rows.map((row) => rowOf(world, key, row)), ...[1, 2].map(() => rowOf(world, key, {}))];
  }
  world.safe = copyOf(world.cells);
  return world;
}

function rowOf(world, key, record) {
  return [...Object.keys(world.columns[key]).map((column) => record[column] ?? ''), ...(record.own ? [record.own] : [])];
}

/** The rows of a table as records, in the sheet's order. */
function recordsIn(world, key) {
  const [header, ...rows] = world.cells[key];
  const whole = rows.map((row) => Object.fromEntries(header.map((column, place) => [column, row[place] ?? ''])));
  return whole.filter((record) => Object.values(record).some((value) => value !== ''));
}

function tick(world, name) {
  if (world.dead) throw new Killed(name);
  world.count += 1;
  world.time += world.cost;
  if (world.count > world.killAt) {
    world.dead = true;
    if (!world.keep) world.cells = copyOf(world.safe);
    throw new Killed(name);
  }
  world.calls[name] = (world.calls[name] ?? 0) + 1;
}

function settle(world) {
  if (!world.keep || world.killAt < Infinity) world.safe = copyOf(world.cells);
}

function makeGrid(world, key) {
  const cells = () => world.cells[key];
  const width = () => Math.max(...cells().map((row) => row.length));
  const read = (row, column, rows, columns) => {
    const found = cells().slice(row - 1, row - 1 + rows);
    return found.map((one) => Array.from({ length: columns }, (_, place) => one[column - 1 + place] ?? ''));
  };
  const insert = (at, rows) => cells().splice(at, 0, ...Array.from({ length: rows }, () => []));
  const types = Object.fromEntries(Object.entries(world.columns[key]).filter(([, type]) => type));
  const names = Object.keys(world.columns[key]);
  const columns = Object.fromEntries(names.map((column, place) => [column, place]));
  return {
    key,
    title: () => key,
    layout: () => ({ columns, types, header: 1, width: names.length }),
    all: () => {
      tick(world, `read ${key}`);
      settle(world);
      return read(1, 1, cells().length, width());
    },
    values: (row, column, rows, columns) => {
      tick(world, `values ${key}`);
      settle(world);
      return read(row, column, rows, columns);
    },
    formulas: (row, column, rows, columns) => read(row, column, rows, columns).map((one) => one.map(() => '')),
    write: (row, column, values) => {
      tick(world, `write ${key}`);
      values.forEach((one, number) => one.forEach((value, place) => {
        const line = cells()[row - 1 + number];
        while (line.length < column + place) line.push('');
        line[column - 1 + place] = typedIn(value);
      }));
    },
    rows: () => cells().length,
    addAfter: (row, rows) => { tick(world, `grow ${key}`); insert(row, rows); },
    addBefore: (row, rows) => { tick(world, `grow ${key}`); insert(row - 1, rows); },
    remove: (row, rows) => { tick(world, `delete ${key}`); cells().splice(row - 1, rows); },
  };
}

function makeServices(world, config = CONFIG) {
  const flush = () => { tick(world, 'flush'); settle(world); };
  const finder = { find: (key) => (world.cells[key] ? makeGrid(world, key) : null), grid: () => null, flush, id: () => world.id };
  let number = 0;
  const clock = { now: () => new Date(world.time), random: () => `${world.count}-${(number += 1)}-0000-4000-8000-000000000000` };
  let book = null;
  const ui = {
    ButtonSet: { OK: 'OK', YES_NO: 'YES_NO', OK_CANCEL: 'OK_CANCEL' },
    Button: { YES: 'YES', NO: 'NO', OK: 'OK', CANCEL: 'CANCEL', CLOSE: 'CLOSE' },
    alert: (title, text, buttons) => { world.shown.push(text); return buttons === 'OK' ? 'OK' : world.answers.shift() ?? 'CLOSE'; },
    prompt: (title, text) => { world.shown.push(text); const answer = world.answers.shift(); return { getSelectedButton: () => (answer === undefined ? 'CLOSE' : 'OK'), getResponseText: () => answer ?? '' }; },
  };
  const found = (key) => (world.marks[key] === undefined ? [] : [{ getValue: () => world.marks[key] }]);
  let held = 0;
  return {
    ui: () => ui,
    spreadsheet: () => ({ getUrl: () => 'https://sheet.example/SHEET', createDeveloperMetadataFinder: () => ({ withKey: (key) => ({ find: () => found(key) }) }), getActiveRange: () => ({ getValues: () => world.active }) }),
    book: () => (book ??= makeBook(finder, config, clock)),
    now: clock.now,
    random: clock.random,
    user: () => world.user,
    sleep: (milliseconds) => { world.time += milliseconds; },
    toast: (text) => { world.shown.push(text); },
    store: () => ({
      get: (key) => { tick(world, 'store.get'); return world.store[key] ?? null; },
      set: (key, text) => {
        tick(world, 'store.set');
        if (typeof text !== 'string' || text.length > 9000) throw new Error('no text for the store');
        world.store[key] = text;
      },
      keys: () => Object.keys(world.store),
      remove: (key) => { tick(world, 'store.remove'); delete world.store[key]; },
      mark: (key, text) => { tick(world, 'mark'); world.marks[key] = text; },
    }),
    lock: () => ({ take: () => { if (world.busy) return false; held += 1; return true; }, free: () => { held -= 1; } }),
    held: () => held,
    triggers: () => ({
      list: () => { tick(world, 'triggers'); return world.triggers.map((one) => ({ ...one })); },
      make: (entry) => { tick(world, 'trigger'); world.triggers.push({ id: `T${world.count}`, entry }); },
      remove: (id) => { tick(world, 'untrigger'); world.triggers = world.triggers.filter((one) => one.id !== id); },
    }),
    mail: () => ({ left: () => world.quota, send: (mail) => { tick(world, 'send'); world.quota -= 1; world.sent.push(mail); } }),
    inbox: () => ({ since: () => [] }),
    web: () => ({ url: () => '', answer: (html) => html }),
    sign: () => 'signed',
  };
}

/** Runs something in a world as a run of its own that may be killed at a call: its value, "killed" or its error. */
function attempt(world, work, killAt = Infinity) {
  Object.assign(world, { count: 0, killAt, dead: false });
  world.safe = copyOf(world.cells);
  try {
    return work(makeServices(world));
  } catch (error) {
    if (!world.dead) throw error;
    return 'killed';
  } finally {
    Object.assign(world, { killAt: Infinity, dead: false });
  }
}

/** The settings of a sheet: those named, each as people typed it. */
function settingRows(values) {
  return Object.entries(values).map(([key, value]) => ({ key, title: key, value }));
}

/** A world that is set up, with these settings. */
function setUpWorld(records = {}, settings = {}, more = {}) {
  const store = { spreadsheet: 'SHEET', owner: 'maya@example.com', secret: 'x', ...(more.store ?? {}) };
  return makeWorld({ ...records, settings: settingRows({ mail_paused: false, do_send: false, do_preview: false, do_report: false, do_archive: false, ...settings }) }, { triggers: [{ id: 'T1', entry: 'dispatch' }], ...more, store });
}

const on = (year, month, day, hour = 0, minute = 0) => new Date(year, month - 1, day, hour, minute);

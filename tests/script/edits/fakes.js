// Sheets in memory behind the seam of the book, and the services that edits use. What is not there throws.

function strict(name, parts) {
  return new Proxy(parts, {
    get(target, key) {
      if (typeof key === 'symbol' || key in target) return target[key];
      throw new Error(`${name} has no ${String(key)}`);
    },
  });
}

// A sheet of ours: `columns` in their order, null for one of people's own; `types` of those that are typed into.
// `rows` are arrays in the order of `columns`; a text that begins with = is a formula and shows as " Calculated ".
function fakeSheet(world, key, columns, types, rows, { size = 60, header = 1 } = {}) {
  const width = columns.length;
  const cells = [];
  for (let above = 1; above < header; above += 1) cells.push(Array(width).fill(''));
  cells.push(columns.map((column) => (column === null ? 'Mine' : `Title of ${column}`)));
  for (const row of rows) cells.push(columns.map((_column, place) => row[place] ?? ''));
  while (cells.length < size) cells.push(Array(width).fill(''));
  const sheet = { key, cells, columns: [...columns], types: { ...types }, header, texts: new Set() };
  world.sheets[key] = sheet;
  return sheet;
}

const isFormula = (value) => typeof value === 'string' && value.startsWith('=');
const shown = (value) => (value?.formula ? ' Calculated ' : value);

// What setValues makes of a text, in cells that are not text: enough of it to see what a text must be kept from.
function entered(value, isText) {
  if (isFormula(value)) return { formula: value };
  if (typeof value !== 'string' || isText) return value;
  if (value.startsWith("'")) return value.slice(1);
  const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value);
  if (day) return new Date(Number(day[1]), Number(day[2]) - 1, Number(day[3]));
  return /^[+-]?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

// What was noted is carried out; `world.meanwhile`, once, just before.
function settle(world) {
  const { meanwhile, waiting } = world;
  if (!waiting.length) return;
  Object.assign(world, { meanwhile: null, waiting: [] });
  meanwhile?.();
  for (const act of waiting) act();
}

function gridOf(world, sheet) {
  const count = (name) => {
    world.calls[name] = (world.calls[name] ?? 0) + 1;
    if (name === 'read') settle(world);
  };
  // A change waits for the flush where others are to do something before it arrives.
  const change = (act) => (world.meanwhile ? world.waiting.push(act) : act());
  const isText = (row, place) =>
    sheet.texts.has(place) || CONFIG.textTypes.includes(sheet.types[sheet.columns[place]]) || /_jalali$/.test(sheet.columns[place] ?? '');
  const area = (row, column, rows, columns, of) => {
    if (row < 1 || column < 1 || rows < 1 || columns < 1) throw new Error('The coordinates of the range are outside');
    if (row + rows - 1 > sheet.cells.length) throw new Error('Those rows are out of bounds.');
    if (column + columns - 1 > sheet.columns.length) throw new Error('Those columns are out of bounds.');
    return sheet.cells.slice(row - 1, row - 1 + rows).map((line) => line.slice(column - 1, column - 1 + columns).map(of));
  };
  return strict('the grid', {
    key: sheet.key,
    title: () => (count('title'), `Sheet of ${sheet.key}`),
    layout: () => {
      count('layout');
      const columns = {};
      sheet.columns.forEach((column, place) => column !== null && (columns[column] = place));
      return { columns, types: { ...sheet.types }, header: sheet.header, width: sheet.columns.length };
    },
    all: () => {
      count('read');
      let last = sheet.cells.length;
      while (last > 1 && sheet.cells[last - 1].every((value) => value === '')) last -= 1;
      return sheet.cells.slice(0, last).map((row) => row.map(shown));
    },
    values: (row, column, rows, columns) => (count('read'), area(row, column, rows, columns, shown)),
    formulas: (row, column, rows, columns) =>
      (count('read'), area(row, column, rows, columns, (one) => one?.formula ?? '')),
    write: (row, column, values, asText) => {
      count('write');
      area(row, column, values.length, values[0].length, shown);
      change(() => values.forEach((line, down) => {
        if (line.length !== values[0].length) throw new Error('ragged');
        line.forEach((value, right) => {
          if (value === undefined) throw new Error('nothing to write');
          const place = column - 1 + right;
          if (asText) sheet.texts.add(place);
          sheet.cells[row - 1 + down][place] = entered(value, isText(row, place));
          world.written.push(`${sheet.key}:${sheet.columns[place]}:${row + down}`);
        });
      }));
    },
    rows: () => (count('read'), sheet.cells.length),
    addAfter: (row, rows) => {
      count('grow');
      change(() => sheet.cells.splice(row, 0, ...Array.from({ length: rows }, () => Array(sheet.columns.length).fill(''))));
    },
    addBefore: (row, rows) => {
      count('grow');
      change(() => sheet.cells.splice(row - 1, 0, ...Array.from({ length: rows }, () => Array(sheet.columns.length).fill(''))));
    },
    remove: (row, rows) => {
      count('remove');
      if (sheet.cells.length - rows <= sheet.header) throw new Error('You cannot delete all the rows');
      change(() => sheet.cells.splice(row - 1, rows));
    },
  });
}

function fakeWorld(now = new Date(2026, 10, 22, 9, 30)) {
  const world = { sheets: {}, calls: {}, written: [], toasts: [], lockFree: true, store: {}, converted: [], flushes: 0, seed: 0, meanwhile: null, waiting: [] };
  const clock = { now: () => now, random: () => `5b9f0c1e-${(world.seed += 1)}-4f0a-9c1d-2e7f6a8b9c0d` };
  const finder = strict('the finder', {
    find: (key) => (world.sheets[key] ? gridOf(world, world.sheets[key]) : null),
    grid: (sheet) => (sheet.key && world.sheets[sheet.key] ? gridOf(world, world.sheets[sheet.key]) : null),
    flush: () => (settle(world), (world.flushes += 1)),
    id: () => 'spreadsheet',
  });
  world.book = makeBook(finder, CONFIG, clock);
  world.services = strict('the services', {
    ...clock,
    book: () => world.book,
    toast: (text) => world.toasts.push(text),
    store: () => ({ get: (key) => world.store[key] ?? null, set: (key, text) => (world.store[key] = text), remove: (key) => delete world.store[key], keys: () => Object.keys(world.store) }),
    lock: () => strict('the lock', { take: () => world.lockFree, free: () => (world.lockFree = true) }),
  });
  // Types values into an area and tells the script, as a sheet does.
  world.type = (key, row, column, values) => {
    const sheet = world.sheets[key];
    const place = typeof column === 'number' ? column : sheet.columns.indexOf(column);
    const old = sheet.cells[row - 1][place];
    values.forEach((line, down) => line.forEach((value, right) => (sheet.cells[row - 1 + down][place + right] = isFormula(value) ? { formula: value } : value)));
    return world.edited(key, row, place, values.length, values[0].length, values[0][0], old);
  };
  world.chosen = null; // ranges that are chosen together: [row, place, rows, columns]
  world.edited = (key, row, place, rows, columns, value, oldValue) => {
    world.calls = {};
    world.written = [];
    world.book = makeBook(finder, CONFIG, clock);
    const rangeOf = (row, place, rows, columns) =>
      strict('the range', {
        getSheet: () => sheet,
        getRow: () => row,
        getLastRow: () => row + rows - 1,
        getColumn: () => place + 1,
        getLastColumn: () => place + columns,
      });
    const ranges = () => (world.chosen ?? [[row, place, rows, columns]]).map((one) => rangeOf(...one));
    const sheet = { ...world.sheets[key], key: world.sheets[key]?.key ?? '', getActiveRangeList: () => ({ getRanges: ranges }) };
    const range = rangeOf(row, place, rows, columns);
    const single = rows === 1 && columns === 1;
    const user = { getEmail: () => 'sara@example.com' };
    handleEdit(world.services, CONFIG, single ? { range, user, value, oldValue: oldValue === '' ? undefined : oldValue } : { range, user });
    return world;
  };
  world.row = (key, row) => {
    const sheet = world.sheets[key];
    return Object.fromEntries(sheet.columns.map((column, place) => [column ?? 'mine', sheet.cells[row - 1][place]?.formula ?? sheet.cells[row - 1][place]]));
  };
  return world;
}

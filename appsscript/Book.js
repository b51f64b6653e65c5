/**
 * The book of all tables over the sheets of a spreadsheet: reads each once, writes by keys, finds rows again by id.
 */

/**
 * @typedef {{now: () => Date, random: () => string}} BookClock
 */

/**
 * A sheet as it was found: `titles` is its header row, by which it shows whether columns were moved since.
 *
 * @typedef {{grid: Grid, layout: Layout, titles: string}} Found
 */

/**
 * @param {Finder} finder
 * @param {Config} config
 * @param {BookClock} clock
 * @returns {Book}
 */
function makeBook(finder, config, clock) {
  /** @type {Map<string, Found | null>} */
  const found = new Map();
  /** @type {Map<string, Table>} */
  const tables = new Map();
  /** @type {Map<string, Table>} as they were read last, to append below: a long table is not read again for that */
  const former = new Map();
  const place = (/** @type {string} */ key) => {
    if (!found.has(key)) found.set(key, foundSheet_(finder.find(key)));
    return found.get(key) ?? null;
  };
  const placed = (/** @type {string} */ key) => {
    const here = place(key);
    if (here) return stillSo_(here);
    throw new Error(filled(config.words.book.gone, sheetConfig(config, key)?.title ?? key));
  };
  const table = (/** @type {string} */ key) => {
    const here = tables.get(key) ?? readTable_(key, place(key));
    if (here) for (const known of [tables, former]) known.set(key, here);
    return here;
  };
  return {
    table,
    append: (key, records) => {
      const last = former.get(key);
      // Where rows have ids, new ones must differ from all that are there.
      const first = last && last.columns.id === undefined ? last : table(key);
      if (records.length === 0) return [];
      tables.delete(key);
      return appendSafely_(placed(key), first, records, config, clock, finder.flush);
    },
    write: (key, idColumn, changes) => {
      if (changes.length === 0) return [];
      tables.delete(key);
      return writeChanges_(placed(key), key, idColumn, changes, config, clock, finder.flush);
    },
    remove: (key, idColumn, ids) => {
      if (ids.length === 0) return;
      for (const known of [tables, former]) known.delete(key);
      removeRows_(placed(key), idColumn, ids, config, clock, finder.flush);
    },
    settings: () => settingsOf_(config, table('settings')),
    flush: finder.flush,
    id: finder.id,
    fresh: (key) => {
      for (const known of [found, tables, former]) key === undefined ? known.clear() : known.delete(key);
    },
    grid: finder.grid,
    find: (key) => place(key)?.grid ?? null,
  };
}

/**
 * @param {Grid | null} grid
 * @returns {Found | null}
 */
function foundSheet_(grid) {
  if (!grid) return null;
  const layout = grid.layout();
  return { grid, layout, titles: '' };
}

/**
 * A sheet with its columns where they stand now: people insert and move them while a run goes on. A look at the header
 * is one call, a look at every mark many.
 *
 * @param {Found} here changed where it is not so any more
 * @returns {Found}
 */
function stillSo_(here) {
  const titles = titlesOf_(here);
  if (here.titles === '') here.titles = titles; // the marks were looked at just now
  if (titles !== here.titles) {
    here.layout = here.grid.layout();
    here.titles = titlesOf_(here);
  }
  return here;
}

/**
 * @param {Found} here
 * @returns {string}
 */
function titlesOf_(here) {
  const { header, width } = here.layout;
  return width ? JSON.stringify(here.grid.values(header, 1, 1, width)) : '';
}

/**
 * @param {string} key
 * @param {Found | null} here
 * @returns {Table | null}
 */
function readTable_(key, here) {
  if (!here) return null;
  const { columns, types, header, width } = here.layout;
  const all = here.grid.all();
  const titles = JSON.stringify([padded_(all[header - 1] ?? [], width)]);
  if (here.titles && here.titles !== titles) {
    here.layout = here.grid.layout();
    here.titles = '';
    return readTable_(key, here);
  }
  here.titles = titles;
  const rows = all.slice(header);
  while (rows.length && !isTyped({ columns, types }, rows[rows.length - 1])) rows.pop();
  return { key, columns, types, rows, first: header + 1, head: all[header - 1] ?? [] };
}

/**
 * @param {any[]} row
 * @param {number} width
 * @returns {any[]}
 */
function padded_(row, width) {
  return Array.from({ length: width }, (_none, place) => row[place] ?? '');
}

/**
 * The settings by their keys. A choice is given by its key, a number in any digits as one; what is neither as typed.
 *
 * @param {Config} config
 * @param {Table | null} table
 * @returns {Record<string, any>}
 */
function settingsOf_(config, table) {
  /** @type {Record<string, any>} */
  const settings = {};
  if (!table) return settings;
  for (const row of table.rows) {
    const key = text(cell(table, row, 'key'));
    const value = cell(table, row, 'value');
    if (!key || isOwn(settings, key)) continue;
    const typed = typeof value === 'string' ? value.trim() : value;
    const list = Object.keys(choicesOf(config, key)).length > 0;
    if (list) settings[key] = choiceKey(config, key, typed) || typed;
    else settings[key] = typeof typed === 'string' ? writtenNumber(typed) ?? typed : typed;
  }
  return settings;
}

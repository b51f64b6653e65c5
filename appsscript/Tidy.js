/**
 * The same order for rows that came without an edit, by an import, a form or another program: run by the dispatcher.
 */

/** So many places of a column that people type are put right in one run, each a call; the others in the next ones. */
const MOST_TIDIED = 40;

/**
 * Puts rows in order, table after table. To be called under the lock. A killed run leaves rows that the next one finishes.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @returns {number} rows that were changed
 */
function tidyTables(services, config, book) {
  let count = 0;
  const tidied = Object.keys(config.sheets).filter((key) => {
    const sheet = sheetConfig(config, key);
    return sheet?.kind === 'table' && (sheet.prefix || Object.keys(sheet.automation).length);
  });
  for (const key of tidied) {
    const table = book.table(key);
    if (table && changesOf_(services, config, table, new Set()).some((one) => Object.keys(one).length)) {
      count += tidyTable_(services, config, book, key);
    }
  }
  const leads = book.table('leads');
  const converted = leads ? convertedLeads(config, leads, null) : [];
  if (converted.length) leadsConverted(services, config, book, converted);
  tellAudit(services, book, []);
  growHelpers(services, config, book, longestTable(book, tidied));
  return count;
}

/**
 * Reads the table again and writes at once: ids first, as a row without one cannot be found again, then all else.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {string} key
 * @returns {number}
 */
function tidyTable_(services, config, book, key) {
  const nobody = new Set();
  const before = readAgain_(book, key);
  const grid = book.find(key);
  if (!before || !grid) return 0;
  const ids = changesOf_(services, config, before, nobody).map((one) => ('id' in one ? { id: one.id } : {}));
  const come = new Set(ids.flatMap((one) => ('id' in one ? [text(one.id)] : [])));
  if (come.size) {
    writeRows(config, grid, before, ids, () => true);
    book.flush();
  }
  const table = come.size ? idsInPlace_(book, key, grid, before, ids) : before;
  if (!table) return 0;
  const changes = changesOf_(services, config, table, come);
  const named = (/** @type {number} */ number) => come.has(idOf_(table.rows[number], table));
  const arrived = changes.map((one, number) => isArrival_(config, key, one) || named(number));
  const count = changes.filter((one, number) => Object.keys(one).length || named(number)).length;
  writeRows(config, grid, table, changes, (number) => arrived[number]);
  book.flush();
  cellsInPlace_(config, book, key, grid, table, changes);
  book.fresh(key);
  return count;
}

/**
 * @param {Book} book
 * @param {string} key
 * @returns {Table | null} as it is now
 */
function readAgain_(book, key) {
  book.fresh(key);
  return book.table(key);
}

/**
 * @param {any[]} row
 * @param {Table} table
 * @returns {string}
 */
function idOf_(row, table) {
  return text(cell(table, row, 'id'));
}

/**
 * Looks whether new ids stand in the rows that they were made for. Where rows moved meanwhile, each row that can be
 * told by what is typed in it gets the id back that it had, or the one that was made for it.
 *
 * @param {Book} book
 * @param {string} key
 * @param {Grid} grid
 * @param {Table} before
 * @param {Entries[]} ids those that were given, one for each row
 * @returns {Table | null} the table as it is now
 */
function idsInPlace_(book, key, grid, before, ids) {
  const typed = (/** @type {Table} */ table, /** @type {any[]} */ row) =>
    JSON.stringify(Object.keys(table.types).map((column) => (column === 'id' ? '' : cell(table, row, column))));
  /** @type {Map<string, string[]>} */
  const wanted = new Map();
  before.rows.forEach((row, number) => {
    const id = text(ids[number].id) || idOf_(row, before);
    if (isTyped(before, row)) wanted.set(typed(before, row), [...(wanted.get(typed(before, row)) ?? []), id]);
  });
  const made = new Set(ids.map((one) => text(one.id)).filter(Boolean));
  let now = readAgain_(book, key);
  for (let time = 0; time < MOST_TRIES && now; time += 1) {
    const table = now;
    const cells = table.rows.flatMap((row, number) => {
      const known = wanted.get(typed(table, row)) ?? [];
      const id = idOf_(row, table);
      // The row that an id was made for is gone, and it stands alone.
      const alone = made.has(id) && Object.keys(table.types).every((column) => column === 'id' || !cell(table, row, column));
      if (!alone && (known.length !== 1 || known[0] === id)) return [];
      return [{ row: table.first + number, place: table.columns.id, value: alone ? '' : known[0], asText: false }];
    });
    if (cells.length === 0) return table;
    writeBlocks(grid, blocksOf(cells, null));
    book.flush();
    now = readAgain_(book, key);
  }
  return now;
}

/**
 * Looks whether the rows that were written stand where they stood. Where they do not, each gets what is its own by its
 * id, and what was written over in others is put back.
 *
 * @param {Config} config
 * @param {Book} book
 * @param {string} key
 * @param {Grid} grid
 * @param {Table} before
 * @param {Entries[]} changes those that were made, one for each row
 */
function cellsInPlace_(config, book, key, grid, before, changes) {
  if (!has(before, 'id') || !changes.some((one) => Object.keys(one).length)) return;
  const now = columnIds_({ grid, layout: { ...before, header: before.first - 1, width: 0 }, titles: '' }, 'id');
  if (before.rows.every((row, number) => now[number] === idOf_(row, before))) return;
  /** @type {Map<string, RowCells>} */
  const wanted = new Map();
  /** @type {Set<number>} */
  const places = new Set();
  before.rows.forEach((row, number) => {
    /** @type {RowCells} */
    const own = new Map();
    for (const [column, entry] of Object.entries(changes[number])) {
      places.add(before.columns[column]);
      own.set(before.columns[column], written(column, before.types[column], entry, config));
    }
    if (idOf_(row, before) && own.size && !wanted.has(idOf_(row, before))) wanted.set(idOf_(row, before), own);
  });
  const layout = grid.layout();
  if (JSON.stringify(layout.columns) !== JSON.stringify(before.columns)) return;
  const spanOf = (/** @type {Table} */ table) =>
    table.rows.map((row) => ({ id: idOf_(row, table), values: new Map([...places].map((place) => [place, row[place]])) }));
  const after = readAgain_(book, key);
  const here = { grid, layout, titles: '' };
  if (!after) return;
  const cells = before.rows.flatMap((row, number) => {
    const own = [...(wanted.get(idOf_(row, before)) ?? [])];
    return own.map(([place, value]) => ({ row: before.first + number, place, value, asText: false }));
  });
  clearStrays_(here, cells, spanOf(after));
  putRight_(here, spanOf(before), spanOf(after), wanted, config);
  writeById(here, 'id', wanted, config, book.flush);
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {Table} table
 * @param {Set<string>} come the ids of rows that have just come
 * @returns {Entries[]} one for each row
 */
function changesOf_(services, config, table, come) {
  const taken = new Set(table.rows.map((row) => text(cell(table, row, 'id'))));
  const newOne = idMaker(services.random, sheetConfig(config, table.key)?.prefix ?? '', taken);
  /** @type {Edit} */
  const edit = { columns: null, before: undefined, renewed: () => false, newId: newOne, now: services.now() };
  /** @type {Record<string, {left: number, row: number}>} */
  const places = {};
  return table.rows.map((row, number) => {
    if (!isTyped(table, row)) return {};
    const changes = rowChanges(config, table, row, edit);
    if (isArrival_(config, table.key, changes) || come.has(idOf_(row, table))) return changes;
    for (const column of Object.keys(changes)) {
      if (isOurs_(table, column)) continue;
      const place = places[column] ?? { left: MOST_TIDIED, row: -1 };
      places[column] = place;
      if (place.row !== number - 1) place.left -= 1;
      if (place.left < 0) return {};
      place.row = number;
    }
    return changes;
  });
}

/**
 * Whether a row has just come: nobody knows it yet, and all of it may be written.
 *
 * @param {Config} config
 * @param {string} key
 * @param {Entries} changes
 * @returns {boolean}
 */
function isArrival_(config, key, changes) {
  const created = sheetConfig(config, key)?.automation.stamped?.created;
  return 'id' in changes || (created !== undefined && created in changes);
}

/**
 * Leads whose status says that they are customers while they name none.
 *
 * @param {Config} config
 * @param {Table} table
 * @param {Set<string> | null} columns those that were typed into; null for all
 * @returns {string[]} ids
 */
function convertedLeads(config, table, columns) {
  if (table.key !== 'leads' || !has(table, 'customer') || (columns && !columns.has('status'))) return [];
  return table.rows.flatMap((row) => {
    const converted = chosenKey(config, table.key, 'status', cell(table, row, 'status')) === 'converted';
    const id = text(cell(table, row, 'id'));
    return converted && id && text(cell(table, row, 'customer')) === '' ? [id] : [];
  });
}

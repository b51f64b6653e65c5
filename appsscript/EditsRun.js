/**
 * When somebody typed, pasted or filled: reads what was touched in one go, and writes only what has to change.
 */

/** After so many rows at once there may be too little room for what is computed; fewer are left to the dispatcher. */
const LARGE_PASTE = 100;

/**
 * What Google says of an edit.
 *
 * @typedef {object} EditEvent
 * @property {GoogleAppsScript.Spreadsheet.Range} range
 * @property {any} [value] only where it was one cell
 * @property {any} [oldValue] the same
 * @property {GoogleAppsScript.Base.User} [user] where Google tells who it was
 */

/**
 * The part of a table that was typed into. `columns`: typed columns in it; `before`: see Edit.
 *
 * @typedef {object} Touched
 * @property {Grid} grid
 * @property {Table} table with just the rows that were typed into
 * @property {Set<string>} columns
 * @property {Value | undefined} before
 * @property {number} header number of the header's row
 * @property {number} width of the rows that were read
 */

/**
 * @param {Services} services
 * @param {Config} config
 * @param {EditEvent | undefined} event
 */
function handleEdit(services, config, event) {
  if (!event?.range) return;
  const book = services.book();
  /** @type {Entries[]} */
  const records = [];
  /** @type {string[]} */
  const converted = [];
  let pasted = 0;
  let last = 0;
  for (const touched of touchedParts_(config, book, event)) {
    const { table, columns, before } = touched;
    /** @type {Edit} */
    const edit = { columns, before, renewed: () => false, newId: () => '', now: services.now() };
    giveIds_(services, config, touched, edit);
    const changes = table.rows.map((row) => rowChanges(config, table, row, edit));
    const rows = table.rows.map((row, number) => changedRow_(config, table, row, changes[number]));
    // All that is read comes before what is written: reading what was just written waits for the sheet to calculate.
    const hint = doublesHint(config, touched, rows);
    const told = auditRecords(config, touched, changes, rows);
    if (told.length) records.push(...auditEntries(touched, told, edit.now, editorOf(event)));
    converted.push(...convertedLeads(config, { ...table, rows }, columns));
    writeRows(config, touched.grid, table, changes, () => true);
    if (hint) services.toast(hint);
    pasted += table.rows.length;
    last = Math.max(last, table.first - 1 + table.rows.length);
  }
  if (records.length || converted.length) underLock_(services, config, book, records, converted);
  if (pasted >= LARGE_PASTE) growHelpers(services, config, book, last);
}

/**
 * What waits for nobody else: rows that are appended one run after the other. Where another run holds the lock for long,
 * both are left to the next one that gets it: two that append at once write over each other, and who is a customer twice
 * is hard to undo.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {Entries[]} records
 * @param {string[]} converted
 */
function underLock_(services, config, book, records, converted) {
  const lock = services.lock();
  const held = lock.take(5000);
  try {
    if (records.length && book.find('audit')) {
      if (held) tellAudit(services, book, records);
      else keepAudit(services, records);
    }
    if (converted.length && held) leadsConverted(services, config, book, converted);
    book.flush();
  } finally {
    if (held) lock.free();
  }
}

/** So many ranges that were chosen together are looked at; the dispatcher sees to the others. */
const MOST_RANGES = 20;

/**
 * @param {Config} config
 * @param {Book} book
 * @param {EditEvent} event
 * @returns {Touched[]} nothing where nothing of ours that people type was touched
 */
function touchedParts_(config, book, event) {
  const sheet = event.range.getSheet();
  const grid = book.grid(sheet);
  if (!grid || sheetConfig(config, grid.key)?.kind !== 'table') return [];
  const layout = grid.layout();
  const areas = editedAreas_(sheet, event.range);
  return areas.flatMap((area) => {
    const inside = Object.keys(layout.types).filter((column) => {
      const place = layout.columns[column] + 1;
      return place >= area.left && place <= area.right;
    });
    const first = Math.max(area.first, layout.header + 1);
    if (inside.length === 0 || area.last < first) return [];
    const rows = grid.values(first, 1, area.last - first + 1, layout.width);
    const single = areas.length === 1 && area.last === area.first && area.left === area.right;
    const table = { key: grid.key, columns: layout.columns, types: layout.types, rows, first };
    const before = single ? event.oldValue ?? '' : undefined;
    return [{ grid, table, columns: new Set(inside), before, header: layout.header, width: layout.width }];
  });
}

/**
 * What was typed into: Google names one range even where several were chosen and emptied or ticked together.
 *
 * @param {GoogleAppsScript.Spreadsheet.Sheet} sheet
 * @param {GoogleAppsScript.Spreadsheet.Range} range
 * @returns {{first: number, last: number, left: number, right: number}[]}
 */
function editedAreas_(sheet, range) {
  const areaOf = (/** @type {GoogleAppsScript.Spreadsheet.Range} */ one) => {
    return { first: one.getRow(), last: one.getLastRow(), left: one.getColumn(), right: one.getLastColumn() };
  };
  const edited = areaOf(range);
  const chosen = sheet.getActiveRangeList()?.getRanges() ?? [];
  if (chosen.length < 2) return [edited];
  const areas = chosen.slice(0, MOST_RANGES).map(areaOf);
  return areas.some((one) => JSON.stringify(one) === JSON.stringify(edited)) ? areas : [edited];
}

/**
 * Lets the edit know which ids are in use. One call, and only where a row needs an id or one was pasted.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Touched} touched
 * @param {Edit} edit `renewed` and `newId` are set
 */
function giveIds_(services, config, touched, edit) {
  const { grid, table, columns } = touched;
  const prefix = sheetConfig(config, table.key)?.prefix ?? '';
  if (!prefix || !('id' in table.types)) return;
  const pasted = columns.has('id');
  const bare = table.rows.some((row) => text(cell(table, row, 'id')) === '' && isRow(config, table, row));
  if (!bare && !pasted) return;
  const above = table.first - 1;
  const all = grid.values(1, table.columns.id + 1, grid.rows(), 1).map(([value]) => text(value));
  const inside = all.slice(above, above + table.rows.length);
  const taken = new Set([...all.slice(0, above), ...all.slice(above + table.rows.length)]);
  taken.delete('');
  /** @type {Set<any[]>} */
  const doubles = new Set();
  table.rows.forEach((row, number) => {
    const id = inside[number];
    if (pasted && id && taken.has(id)) doubles.add(row);
    if (id) taken.add(id);
  });
  edit.renewed = (row) => doubles.has(row);
  edit.newId = idMaker(services.random, prefix, taken);
  // Emptied by mistake: other tables know the row by the id that it had.
  const before = text(touched.before);
  if (pasted && bare && before.startsWith(`${prefix}-`) && !taken.has(before)) edit.newId = () => before;
}

/**
 * Writes the changes of rows that stand one below the other, in a number of calls that does not grow with them. Cells
 * with a formula are people's own and stay.
 *
 * @param {Config} config
 * @param {Grid} grid
 * @param {Table} table
 * @param {Entries[]} changes one for each row; those that are not to be made are taken out
 * @param {(number: number) => boolean} fills whether people's cells of a row may be written again as they are
 */
function writeRows(config, grid, table, changes, fills) {
  const numbers = changes.flatMap((one, number) => (Object.keys(one).length ? [number] : []));
  if (numbers.length === 0) return;
  const from = numbers[0];
  const count = numbers[numbers.length - 1] - from + 1;
  const width = Math.max(...Object.values(table.columns)) + 1;
  const peoples = changes.some((one) => Object.keys(one).some((column) => !isOurs_(table, column)));
  const formulas = peoples || numbers.length > MOST_RUNS ? grid.formulas(table.first + from, 1, count, width) : [];
  const formulaAt = (/** @type {number} */ number, /** @type {number} */ place) => formulas[number - from]?.[place] ?? '';
  const columnAt = new Map(Object.keys(table.types).map((column) => [table.columns[column], column]));
  /** @type {Cell[]} */
  const cells = [];
  for (const number of numbers) {
    for (const [column, entry] of Object.entries(changes[number])) {
      const place = table.columns[column];
      if (formulaAt(number, place) || !isAccepted(config, table.key, column, table.types[column], entry)) {
        delete changes[number][column];
        continue;
      }
      const value = written(column, table.types[column], entry, config);
      // A paste brings formats along: a phone number would come to be a number there.
      const asText = isTextType_(column, table.types[column], config) && /^\W*\d/.test(String(value));
      cells.push({ row: table.first + number, place, value, asText });
    }
  }
  const between = (/** @type {number} */ row, /** @type {number} */ place) => {
    const number = row - table.first;
    const column = columnAt.get(place) ?? '';
    if (!isOurs_(table, column) && !fills(number)) return undefined;
    const value = table.rows[number][place];
    if (typeof value === 'object' && !(value instanceof Date)) return undefined;
    if (!isAccepted(config, table.key, column, table.types[column], value)) return undefined;
    return formulaAt(number, place) || written(column, table.types[column], value, config);
  };
  for (const block of blocksOf(cells, between)) {
    try {
      writeBlocks(grid, [block]);
    } catch (refused) {
      console.warn(String(refused)); // a rule of people's own: what else there is to write goes on
    }
  }
}

/**
 * @param {Config} config
 * @param {Table} table
 * @param {any[]} row
 * @param {Entries} changes
 * @returns {any[]} the row as it is now
 */
function changedRow_(config, table, row, changes) {
  const now = [...row];
  for (const [column, entry] of Object.entries(changes)) {
    const value = typeof entry === 'object' ? written(column, table.types[column], entry, config) : entry;
    now[table.columns[column]] = value ?? '';
  }
  return now;
}

/**
 * The sheets of the spreadsheet, by their marks: the only file that reads tables and writes into them.
 */

/**
 * A sheet of ours. Rows and columns count from 1 as they do for people, but for `layout().columns`, which are places in
 * a row that was read. One call of Google's each, but for `layout`: some for each column.
 *
 * @typedef {object} Grid
 * @property {string} key of its table
 * @property {() => string} title
 * @property {() => Layout} layout where its columns stand now
 * @property {() => any[][]} all every row from the first, to the last with anything in it
 * @property {(row: number, column: number, rows: number, columns: number) => any[][]} values
 * @property {(row: number, column: number, rows: number, columns: number) => string[][]} formulas "" where there is none
 * @property {(row: number, column: number, values: any[][], asText: boolean) => void} write texts are taken as if typed,
 *   but where the cells are made text first
 * @property {() => number} rows of the grid, empty ones included
 * @property {(row: number, rows: number) => void} addAfter empty rows like the one before
 * @property {(row: number, rows: number) => void} addBefore
 * @property {(row: number, rows: number) => void} remove
 */

/**
 * @typedef {object} Layout
 * @property {Record<string, number>} columns the place of each column in a row, by key, from 0
 * @property {Record<string, string>} types of each column that is typed into
 * @property {number} header number of the header's row
 * @property {number} width number of columns up to our last one
 */

/**
 * The spreadsheet as the book needs it.
 *
 * @typedef {object} Finder
 * @property {(key: string) => Grid | null} find
 * @property {(sheet: GoogleAppsScript.Spreadsheet.Sheet) => Grid | null} grid
 * @property {() => void} flush
 * @property {() => string} id
 */

/**
 * @param {() => GoogleAppsScript.Spreadsheet.Spreadsheet} spreadsheet
 * @param {() => void} flush
 * @param {Config} config
 * @returns {Finder}
 */
function sheetFinder(spreadsheet, flush, config) {
  const marks = config.marks;
  return {
    find: (key) => {
      const found = spreadsheet().createDeveloperMetadataFinder().withKey(marks.sheet).withValue(key).find();
      const sheet = found.length ? found[0].getLocation().getSheet() : null;
      return sheet && sheetGrid_(spreadsheet(), sheet, key, '', config);
    },
    grid: (sheet) => {
      /** @type {Record<string, string>} */
      const own = {};
      for (const mark of sheet.getDeveloperMetadata()) own[mark.getKey()] = mark.getValue() ?? '';
      const key = own[marks.sheet] ?? '';
      return key ? sheetGrid_(spreadsheet(), sheet, key, own[marks.contents] ?? '{}', config) : null;
    },
    flush,
    id: () => spreadsheet().getId(),
  };
}

/**
 * @param {GoogleAppsScript.Spreadsheet.Spreadsheet} spreadsheet
 * @param {GoogleAppsScript.Spreadsheet.Sheet} sheet
 * @param {string} key
 * @param {string} contents the mark that says what can be typed into; "" where it was not read yet
 * @param {Config} config
 * @returns {Grid}
 */
function sheetGrid_(spreadsheet, sheet, key, contents, config) {
  return {
    key,
    title: () => sheet.getName(),
    layout: () => {
      contents = contents || contentsMark_(sheet, config);
      return sheetLayout_(spreadsheet, sheet, key, contents, config);
    },
    all: () => sheet.getDataRange().getValues(),
    values: (row, column, rows, columns) => sheet.getRange(row, column, rows, columns).getValues(),
    formulas: (row, column, rows, columns) => sheet.getRange(row, column, rows, columns).getFormulas(),
    write: (row, column, values, asText) => {
      const range = sheet.getRange(row, column, values.length, values[0].length);
      (asText ? range.setNumberFormat('@') : range).setValues(values);
    },
    rows: () => sheet.getMaxRows(),
    addAfter: (row, rows) => void sheet.insertRowsAfter(row, rows),
    addBefore: (row, rows) => void sheet.insertRowsBefore(row, rows),
    remove: (row, rows) => void sheet.deleteRows(row, rows),
  };
}

/**
 * @param {GoogleAppsScript.Spreadsheet.Sheet} sheet
 * @param {Config} config
 * @returns {string}
 */
function contentsMark_(sheet, config) {
  const found = sheet.createDeveloperMetadataFinder().withKey(config.marks.contents).find();
  return (found.length && found[0].getValue()) || '{}';
}

/**
 * @param {GoogleAppsScript.Spreadsheet.Spreadsheet} spreadsheet
 * @param {GoogleAppsScript.Spreadsheet.Sheet} sheet
 * @param {string} key
 * @param {string} contents
 * @param {Config} config
 * @returns {Layout}
 */
function sheetLayout_(spreadsheet, sheet, key, contents, config) {
  /** @type {Record<string, number>} */
  const columns = {};
  let width = 0;
  for (const mark of sheet.createDeveloperMetadataFinder().withKey(config.marks.column).find()) {
    const column = mark.getLocation().getColumn();
    const name = mark.getValue();
    if (!column || !name) continue;
    const place = column.getColumn();
    columns[name] = columns[name] ?? place - 1;
    width = Math.max(width, place);
  }
  return { columns, types: typesOf_(contents, columns), header: headerRow_(spreadsheet, sheet, key, columns), width };
}

/**
 * @param {string} contents
 * @param {Record<string, number>} columns those that are there
 * @returns {Record<string, string>}
 */
function typesOf_(contents, columns) {
  /** @type {Record<string, string>} */
  let types = {};
  try {
    types = JSON.parse(contents).types ?? {};
  } catch (_damaged) {
    // People can edit marks only by scripts of their own; without it nothing counts as typed into.
  }
  return Object.fromEntries(Object.entries(types).filter(([column]) => columns[column] !== undefined));
}

/**
 * The header's row: the names of columns begin there, and move along when rows are inserted above. Where they are gone
 * it is the last row that does not scroll.
 *
 * @param {GoogleAppsScript.Spreadsheet.Spreadsheet} spreadsheet
 * @param {GoogleAppsScript.Spreadsheet.Sheet} sheet
 * @param {string} key
 * @param {Record<string, number>} columns
 * @returns {number}
 */
function headerRow_(spreadsheet, sheet, key, columns) {
  const [column] = Object.keys(columns);
  const named = column ? spreadsheet.getRangeByName(`${key}_${column}`) : null;
  return named ? named.getRow() : Math.max(1, sheet.getFrozenRows());
}

/**
 * What people have selected in the sheet, and selecting a row for them.
 */

/**
 * The rows that are selected, by their ids. Sheets are known by their marks: titles are people's to change.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @returns {{key: string, ids: string[]}} key "" for a sheet that is none of the tables
 */
function selectedRows(services, config, book) {
  const sheet = services.spreadsheet().getActiveSheet();
  const key = book.grid(sheet)?.key ?? '';
  const table = sheetConfig(config, key)?.kind === 'table' ? book.table(key) : null;
  if (!table) return { key: '', ids: [] };
  const ranges = sheet.getActiveRangeList()?.getRanges() ?? [];
  const ids = new Set();
  for (const range of ranges) {
    const first = range.getRow() - table.first;
    const rows = table.rows.slice(Math.max(0, first), Math.max(0, first + range.getNumRows()));
    for (const row of rows) ids.add(text(cell(table, row, 'id')));
  }
  ids.delete('');
  return { key, ids: [...ids] };
}

/**
 * The customer whom the selected row is, or is about.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @returns {string} the reference; "" for none
 */
function selectedCustomer(services, config, book) {
  const { key, ids } = selectedRows(services, config, book);
  const table = key && ids.length === 1 ? book.table(key) : null;
  const row = table ? byId(table).get(ids[0]) : null;
  const customers = book.table('customers');
  if (!table || !row || !customers) return '';
  const id = key === 'customers' ? ids[0] : customersByReference(config, customers)(cell(table, row, 'customer'));
  return id ? customerReference(customers, id) : '';
}

/**
 * @param {Table} customers
 * @param {string} id
 * @returns {string} "" where there is none of that id
 */
function customerReference(customers, id) {
  const row = byId(customers).get(id);
  return row ? referenceTo(text(cell(customers, row, 'name')), id) : '';
}

/**
 * Brings a row before people's eyes.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {string} key of the table
 * @param {string} id
 * @returns {boolean} false where it is gone
 */
function selectRow(services, config, book, key, id) {
  const table = book.table(key);
  const at = table ? table.rows.findIndex((row) => text(cell(table, row, 'id')) === id) : -1;
  if (!table || at < 0) return false;
  const [mark] = services
    .spreadsheet()
    .createDeveloperMetadataFinder()
    .withKey(config.marks.sheet)
    .withValue(key)
    .find();
  const sheet = mark.getLocation().getSheet();
  const place = table.columns[sheetConfig(config, key)?.anchor ?? ''] ?? table.columns.id ?? 0;
  if (!sheet) return false;
  services.spreadsheet().setActiveSheet(sheet);
  sheet.setActiveRange(sheet.getRange(table.first + at, place + 1));
  return true;
}

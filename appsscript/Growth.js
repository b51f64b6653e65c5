/**
 * Room for what is computed: the hidden sheets count rows of tables, and their blocks are as long as the tables are.
 */

/** So many rows more than the longest table has, so that this is seldom needed. */
const GROWTH_ROWS = 500;
/** Where the store keeps how many rows the shortest hidden sheet is known to have. */
const GROWTH_KEY = 'helper_rows';

/**
 * Lengthens the hidden sheets where a table has grown beyond them: what spills over their end would show an error. Asks
 * nothing while there is room. Done twice it changes nothing more.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {number} rows of the longest table, the header included
 * @returns {boolean} whether it lengthened any
 */
function growHelpers(services, config, book, rows) {
  const known = Number(services.store().get(GROWTH_KEY));
  if (known >= rows) return false;
  let least = Infinity;
  let grew = false;
  for (const [key, { kind }] of Object.entries(config.sheets)) {
    const grid = kind === 'helper' ? book.find(key) : null;
    if (!grid) continue;
    const there = grid.rows();
    const missing = there < rows ? rows + GROWTH_ROWS - there : 0;
    if (missing) grid.addAfter(there, missing);
    grew = grew || missing > 0;
    least = Math.min(least, there + missing);
  }
  if (least !== Infinity) services.store().set(GROWTH_KEY, String(least));
  return grew;
}

/**
 * @param {Book} book
 * @param {string[]} keys of tables
 * @returns {number} rows of the longest of them, the header included
 */
function longestTable(book, keys) {
  return Math.max(0, ...keys.map((key) => book.table(key)).map((table) => (table ? table.first - 1 + table.rows.length : 0)));
}

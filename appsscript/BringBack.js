/**
 * Rows of the archive go back into their tables: copied, looked at again, and only then deleted from the archive.
 */

/**
 * What bringing back did. `kept`: ids that stay in the archive, by the reason why: no_table, unreadable, no_column,
 * differs.
 *
 * @typedef {{back: number, kept: Record<string, number>}} BroughtBack
 */

/**
 * Brings rows back. One that stands in its table already is not added a second time: what a kill left out of it is
 * filled in, what people changed in it stays, and then the archive keeps its own. To be called under the lock.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {string[]} ids as they stand in the archive
 * @returns {BroughtBack}
 */
function bringBack(services, config, book, ids) {
  /** @type {BroughtBack} */
  const outcome = { back: 0, kept: {} };
  const keep = (/** @type {string} */ reason) => {
    outcome.kept[reason] = (outcome.kept[reason] ?? 0) + 1;
  };
  const archive = book.table('archive');
  const rows = archive ? byId(archive) : new Map();
  /** @type {Map<string, {id: string, own: string, record: Record<string, any>}[]>} */
  const byTable = new Map();
  for (const id of new Set(ids)) {
    const row = rows.get(id);
    if (!archive || !row) continue;
    const key = text(cell(archive, row, 'table'));
    const table = archivedTables(config).includes(key) ? book.table(key) : null;
    if (!table) {
      keep('no_table');
      continue;
    }
    const found = recordOfArchived(table, String(cell(archive, row, 'content')));
    const own = text(found?.record.id);
    if (!found || !own) {
      keep('unreadable');
    } else if (found.lost.length && !('notes' in table.types)) {
      keep('no_column');
    } else {
      if (found.lost.length) found.record.notes = [text(found.record.notes), ...found.lost].filter(Boolean).join('\n');
      byTable.set(key, [...(byTable.get(key) ?? []), { id, own, record: found.record }]);
    }
  }
  for (const [key, entries] of byTable) {
    const back = bringBackInto_(book, key, entries);
    outcome.back += back;
    for (let number = back; number < entries.length; number += 1) keep('differs');
  }
  return outcome;
}

/**
 * @param {Book} book
 * @param {string} key of the table
 * @param {{id: string, own: string, record: Record<string, any>}[]} entries
 * @returns {number} how many are in the table alone now
 */
function bringBackInto_(book, key, entries) {
  const before = /** @type {Table} */ (book.table(key));
  const there = byId(before);
  const missing = entries.filter((entry) => !there.has(entry.own));
  const half = entries.flatMap((entry) => leftOut_(before, there.get(entry.own), entry.record, entry.own));
  if (half.length) book.write(key, 'id', half);
  if (missing.length) book.append(key, missing.map((entry) => entry.record));
  book.flush();
  book.fresh();
  const table = book.table(key);
  const now = table ? byId(table) : new Map();
  const whole = entries.filter((entry) => {
    const row = now.get(entry.own);
    return row && holdsAll(/** @type {Table} */ (table), row, entry.record);
  });
  if (whole.length) book.remove('archive', 'id', whole.map((entry) => entry.id));
  book.flush();
  return whole.length;
}

/**
 * What a kill left out of a row while it was written: where one cell is missing, boxes and stamps count as missing too.
 *
 * @param {Table} table
 * @param {any[] | undefined} row
 * @param {Record<string, any>} record
 * @param {string} id
 * @returns {Change[]}
 */
function leftOut_(table, row, record, id) {
  if (!row) return [];
  const columns = Object.keys(record);
  if (!columns.some((column) => cell(table, row, column) === '')) return [];
  const missing = columns.filter((column) => {
    const value = cell(table, row, column);
    return value === '' || value === false || table.types[column] === 'stamp';
  });
  return missing.map((column) => ({ id, column, value: record[column] }));
}

/**
 * Whether a row says all that a record says. Pure.
 *
 * @param {Table} table
 * @param {any[]} row
 * @param {Record<string, any>} record
 * @returns {boolean}
 */
function holdsAll(table, row, record) {
  return Object.entries(record).every(([column, wanted]) => {
    const value = cell(table, row, column);
    if (wanted instanceof Date) return value instanceof Date && Math.abs(value.getTime() - wanted.getTime()) < 1000;
    if (wanted && typeof wanted === 'object') return dayOf(value) === wanted.day;
    return folded(value) === folded(wanted); // letters and spaces may have been put right on the way
  });
}

/**
 * The ids of the archive that a text or marked cells name: its own, or those that rows had in their tables. Pure.
 *
 * @param {Table} archive
 * @param {string[]} texts
 * @returns {string[]}
 */
function namedInArchive(archive, texts) {
  const parts = texts.flatMap((one) => one.split(/[\s,;\u060c]+/)).filter(Boolean);
  const wanted = new Set(parts.map((one) => one.toLowerCase()));
  return [...byId(archive).keys()].filter((id) => {
    const name = id.toLowerCase();
    return wanted.has(name) || wanted.has(name.slice(name.indexOf(':') + 1));
  });
}

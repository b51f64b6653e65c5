/**
 * Old rows that are settled move into the archive, and back: copied, looked at again, and only then deleted.
 *
 * A kill in between leaves a row in both places. The next run finds it there by its id and goes on; what somebody
 * changed meanwhile counts.
 */

/** Longer rows stay where they are: a cell takes 50,000 characters. */
const ARCHIVED_MOST = 45000;
/** Rows that travel together. */
const ARCHIVE_BATCH = 500;

/**
 * What a run did. `moved` rows; `left` for the next run as time was up; `kept`: rows that stay, by the reason why.
 *
 * @typedef {{moved: number, left: number, kept: Record<string, number>}} ArchiveOutcome
 */

/**
 * The rows of a table that may go: settled, and old enough. Pure.
 *
 * @param {Config} config
 * @param {Table} table
 * @param {number} days how long a row stays after it was settled
 * @param {number} today day
 * @returns {any[][]}
 */
function settledRows(config, table, days, today) {
  const rule = sheetConfig(config, table.key)?.automation?.archive;
  if (!rule) return [];
  const { column, choices, checkbox } = rule.when;
  return table.rows.filter((row) => {
    const settled = checkbox
      ? cell(table, row, checkbox) === true
      : (choices ?? []).includes(chosenKey(config, table.key, column ?? '', cell(table, row, column ?? '')));
    const day = dayOf(cell(table, row, rule.day));
    return settled && day !== null && day <= today - days;
  });
}

/**
 * What of a row goes into the archive, as JSON: what people typed and what the script wrote. Pure.
 *
 * @param {Table} table
 * @param {any[]} row
 * @returns {string}
 */
function archivedContent(table, row) {
  /** @type {Record<string, any>} */
  const content = {};
  for (const column of Object.keys(table.types)) {
    const value = cell(table, row, column);
    if (value === '') continue;
    if (!(value instanceof Date)) content[column] = value;
    else content[column] = table.types[column] === 'date' ? { day: dayOf(value) } : { at: value.toISOString() };
  }
  return JSON.stringify(content);
}

/**
 * The record that a content stands for, and what of it has no column any more. Pure.
 *
 * @param {Table} table
 * @param {string} content
 * @returns {{record: Record<string, any>, lost: string[]} | null} null where people have made it unreadable
 */
function recordOfArchived(table, content) {
  /** @type {any} */
  let values = null;
  try {
    values = JSON.parse(content);
  } catch (error) {
    return null;
  }
  if (!values || typeof values !== 'object' || Array.isArray(values)) return null;
  /** @type {Record<string, any>} */
  const record = {};
  const lost = [];
  for (const [column, value] of Object.entries(values)) {
    const entry = value && typeof value === 'object' && 'at' in value ? new Date(value.at) : value;
    if (column in table.types) record[column] = entry;
    else lost.push(`${column}: ${typeof value === 'object' ? JSON.stringify(value) : value}`);
  }
  return { record, lost };
}

/**
 * The name of a row in the archive: ids are only unique within their table.
 *
 * @param {string} table
 * @param {string} id
 * @returns {string}
 */
function archiveId(table, id) {
  return `${table}:${id}`;
}

/**
 * Which rows of a table go, and why others stay. Pure.
 *
 * @param {Config} config
 * @param {Table} table
 * @param {number} days
 * @param {number} today
 * @returns {{ready: {id: string, name: string, content: string}[], kept: Record<string, number>}} reasons: no_id,
 *   same_id, too_long, own_columns
 */
function archivePlan(config, table, days, today) {
  /** @type {Map<string, number>} */
  const times = new Map();
  for (const row of table.rows) {
    const id = text(cell(table, row, 'id'));
    times.set(id, (times.get(id) ?? 0) + 1);
  }
  const ours = new Set(Object.values(table.columns));
  const anchor = sheetConfig(config, table.key)?.anchor || 'id';
  const ready = [];
  /** @type {Record<string, number>} */
  const kept = {};
  for (const row of settledRows(config, table, days, today)) {
    const id = text(cell(table, row, 'id'));
    const content = archivedContent(table, row);
    const own = row.some((value, place) => !ours.has(place) && value !== '' && value !== false);
    const long = content.length > ARCHIVED_MOST;
    const reason = !id ? 'no_id' : times.get(id) !== 1 ? 'same_id' : own ? 'own_columns' : long ? 'too_long' : '';
    if (reason) kept[reason] = (kept[reason] ?? 0) + 1;
    else ready.push({ id, name: text(cell(table, row, anchor)), content });
  }
  return { ready, kept };
}

/**
 * Moves what is ready into the archive. To be called under the lock.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {Choices} settings
 * @param {Date} deadline
 * @returns {ArchiveOutcome}
 */
function archiveRun(services, config, book, settings, deadline) {
  /** @type {ArchiveOutcome} */
  const outcome = { moved: 0, left: 0, kept: {} };
  for (const key of archivedTables(config)) {
    const table = book.table(key);
    if (!table || !book.table('archive')) continue;
    const { ready, kept } = archivePlan(config, table, settings.archive_days, dayOfMoment(services.now()));
    for (const [reason, number] of Object.entries(kept)) outcome.kept[reason] = (outcome.kept[reason] ?? 0) + number;
    for (let at = 0; at < ready.length; at += ARCHIVE_BATCH) {
      if (services.now() >= deadline) {
        outcome.left += ready.length - at;
        break;
      }
      outcome.moved += archiveRows_(services, book, key, ready.slice(at, at + ARCHIVE_BATCH));
    }
  }
  return outcome;
}

/**
 * The tables whose rows are archived.
 *
 * @param {Config} config
 * @returns {string[]}
 */
function archivedTables(config) {
  return Object.keys(config.sheets).filter((key) => sheetConfig(config, key)?.automation?.archive);
}

/**
 * @param {Services} services
 * @param {Book} book
 * @param {string} key of the table
 * @param {{id: string, name: string, content: string}[]} rows
 * @returns {number} how many are in the archive alone now
 */
function archiveRows_(services, book, key, rows) {
  const before = archiveContents_(book);
  const named = (/** @type {{id: string}} */ row) => archiveId(key, row.id);
  const told = (/** @type {{name: string, content: string}} */ row) =>
    ({ table: key, name: row.name, archived_at: services.now(), content: row.content });
  const missing = rows.filter((row) => !before.has(named(row)));
  if (missing.length) book.append('archive', missing.map((row) => ({ id: named(row), ...told(row) })));
  // Written a second time as a whole: a kill may have left half a row.
  const other = rows.filter((row) => before.has(named(row)) && before.get(named(row)) !== row.content);
  const changes = other.flatMap((row) =>
    Object.entries(told(row)).map(([column, value]) => ({ id: named(row), column, value })),
  );
  if (changes.length) book.write('archive', 'id', changes);
  book.flush();
  book.fresh();
  // Only what stands in both places with the same content goes: people may have changed either meanwhile.
  const after = archiveContents_(book);
  const table = book.table(key);
  const there = table ? byId(table) : new Map();
  const whole = rows.filter((row) => {
    const found = there.get(row.id);
    return found && after.get(named(row)) === archivedContent(/** @type {Table} */ (table), found);
  });
  if (whole.length) book.remove(key, 'id', whole.map((row) => row.id));
  book.flush();
  return whole.length;
}

/**
 * @param {Book} book
 * @returns {Map<string, string>} the contents of the archive by their ids
 */
function archiveContents_(book) {
  const archive = book.table('archive');
  if (!archive) return new Map();
  return new Map([...byId(archive)].map(([id, row]) => [id, String(cell(archive, row, 'content'))]));
}

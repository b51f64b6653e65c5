/**
 * Who changed what in the columns that are watched, and hints at what stands in a table twice.
 */

/**
 * @typedef {{column: string, row: string, before: string, after: string}} AuditRecord
 */

/** Up to so many rows of a pasted block are told one by one. */
const MOST_TOLD = 20;
/** What begins so in the store is rows of the audit that wait for the lock; what follows differs each time. */
const AUDIT_WAITS = 'audit:';
/** The store takes 9 KB at once and a letter up to three bytes: so long may waiting rows be together, and so long a text. */
const WAITING_LENGTH = 3000;
const WAITING_TEXT = 400;

/**
 * Rows of the audit for what was typed, each with the key of its column.
 *
 * @param {Config} config
 * @param {Touched} touched
 * @param {Entries[]} changes that were made after it, one for each row
 * @param {any[][]} rows as they are now
 * @returns {AuditRecord[]}
 */
function auditRecords(config, touched, changes, rows) {
  const { table, columns, before } = touched;
  const watched = (sheetConfig(config, table.key)?.automation.watched ?? []).map((column) => typedColumn(table, column));
  /** @type {AuditRecord[]} */
  const records = [];
  // A row that has just come is no change: its stamp says when it came.
  const nameOf = (/** @type {any[]} */ row, /** @type {number} */ number) =>
    text(cell(table, row, 'id')) || String(table.first + number);
  for (const column of new Set(watched)) {
    if (!column) continue;
    const told = rows.flatMap((row, number) => {
      const changed = column in changes[number];
      if ((!columns.has(column) && !changed) || isArrival_(config, table.key, changes[number])) return [];
      const known = columns.has(column) ? before : cell(table, table.rows[number], column);
      const after = cell(table, row, column);
      if (known !== undefined && looksSame_(known, after)) return [];
      if (known === undefined && text(after) === '' && !isTyped(table, row)) return [];
      return [{ column, row: nameOf(row, number), before: pastText_(table.types[column], known), after: text(after) }];
    });
    if (told.length <= MOST_TOLD) records.push(...told);
    else {
      const span = `${told[0].row} - ${told[told.length - 1].row}`;
      const count = numberText(told.length, config.digits);
      records.push({ column, row: span, before: '', after: filled(config.words.edits.rows, count) });
    }
  }
  return records;
}

/**
 * What a cell held, as text: of a date Google tells the number that stood behind it.
 *
 * @param {string} type
 * @param {any} value undefined where nobody knows
 * @returns {string}
 */
function pastText_(type, value) {
  const number = type === 'date' || type === 'stamp' ? Number(value || Number.NaN) : Number.NaN;
  return Number.isFinite(number) && number > 0 ? isoText(Math.floor(number)) : text(value);
}

/**
 * The same for people: with the titles that the sheet and its columns have now. Two calls, where there is anything.
 *
 * @param {Touched} touched
 * @param {AuditRecord[]} records
 * @param {Date} at
 * @param {string} who
 * @returns {Entries[]}
 */
function auditEntries(touched, records, at, who) {
  if (records.length === 0) return [];
  const { grid, table, header, width } = touched;
  const [titles] = grid.values(header, 1, 1, width);
  const sheet = grid.title();
  return records.map((one) => ({ ...one, at, who, sheet, column: text(titles[table.columns[one.column]]) || one.column }));
}

/**
 * Who edited. The script runs without anybody's consent then, so only the event may tell.
 *
 * @param {EditEvent} event
 * @returns {string} "" where Google does not say
 */
function editorOf(event) {
  try {
    return event.user?.getEmail() ?? '';
  } catch (_refused) {
    return '';
  }
}

/**
 * Appends to the audit, first what waited. To be called under the lock. What a run that is killed in between has told is
 * told again: twice is better than not at all.
 *
 * @param {Services} services
 * @param {Book} book
 * @param {Entries[]} records
 */
function tellAudit(services, book, records) {
  const store = services.store();
  const waiting = store.keys().filter((key) => key.startsWith(AUDIT_WAITS));
  if ((!waiting.length && !records.length) || !book.find('audit')) return;
  const former = waiting.flatMap((key) => /** @type {any[]} */ (JSON.parse(store.get(key) ?? '[]')));
  former.sort((one, other) => (one.at < other.at ? -1 : 1));
  book.append('audit', [...former.map((one) => ({ ...one, at: new Date(one.at) })), ...records]);
  if (!waiting.length) return;
  book.flush();
  for (const key of waiting) store.remove(key);
}

/**
 * Keeps rows of the audit for whoever has the lock next.
 *
 * @param {Services} services
 * @param {Entries[]} records
 */
function keepAudit(services, records) {
  /** @type {string[]} */
  const packs = [];
  for (const record of records) {
    const told = JSON.stringify(record, (_key, value) => (typeof value === 'string' ? shortened(value, WAITING_TEXT) : value));
    const last = packs.length - 1;
    if (last >= 0 && packs[last].length + told.length < WAITING_LENGTH) packs[last] += `,${told}`;
    else packs.push(told);
  }
  for (const pack of packs) services.store().set(AUDIT_WAITS + services.random(), `[${pack}]`);
}

/**
 * What to say where an address or a number that was typed stands in the table already: nothing is changed for it.
 *
 * @param {Config} config
 * @param {Touched} touched
 * @param {any[][]} rows as they are now
 * @returns {string} "" for nothing
 */
function doublesHint(config, touched, rows) {
  const { grid, table, columns } = touched;
  const words = config.words.edits;
  /** @type {string[]} */
  const hints = [];
  for (const column of sheetConfig(config, table.key)?.automation.unique ?? []) {
    if (!columns.has(column)) continue;
    const typed = rows.map((row) => sameness(cell(table, row, column), table.types[column]));
    if (!typed.some((one) => one !== '')) continue;
    const all = grid.values(1, table.columns[column] + 1, grid.rows(), 1);
    const found = doublesOf(typed, table.first, all.map(([value]) => sameness(value, table.types[column])));
    if (found.count === 1 && typed.length === 1) {
      hints.push(filled(words.double, text(cell(table, rows[0], column)), numberText(found.row, config.digits)));
    } else if (found.count > 0) {
      hints.push(filled(words.doubles, numberText(found.count, config.digits), numberText(found.row, config.digits)));
    }
  }
  return hints.join('\n');
}

/**
 * How many of the typed values stand in their column twice, and the row of the first one's other place.
 *
 * @param {string[]} typed what they are compared by, one for each row; "" compares with nothing
 * @param {number} first number of the first of these rows in the sheet
 * @param {string[]} all the same of the whole column, from row 1; what was typed counts as it is in `typed`
 * @returns {{count: number, row: number}}
 */
function doublesOf(typed, first, all) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  all.forEach((one, number) => {
    const inside = number >= first - 1 && number < first - 1 + typed.length;
    if (one && !inside && !seen.has(one)) seen.set(one, number + 1);
  });
  let count = 0;
  let row = 0;
  typed.forEach((one, number) => {
    if (!one) return;
    if (seen.has(one)) {
      count += 1;
      row = row || (seen.get(one) ?? 0);
    } else seen.set(one, first + number);
  });
  return { count, row };
}

/**
 * What the script adds to rows that it writes itself, as no edit tells it of them.
 */

/**
 * Records with what they do not bring: ids, stamps, usual choices, days; and in their normal form.
 *
 * @param {Config} config
 * @param {Table} table with the rows that are there
 * @param {Entries[]} records
 * @param {BookClock} clock
 * @returns {Entries[]} by typed columns
 */
function completed(config, table, records, clock) {
  const taken = new Set(table.rows.map((row) => text(cell(table, row, 'id'))));
  for (const record of records) taken.add(text(record.id));
  const now = clock.now();
  const newOne = idMaker(clock.random, sheetConfig(config, table.key)?.prefix ?? '', taken);
  /** @type {Edit} */
  const edit = { columns: null, before: undefined, renewed: () => false, newId: newOne, now };
  return records.map((record) => {
    /** @type {Entries} */
    const whole = {};
    /** @type {any[]} */
    const row = [];
    for (const column of Object.keys(table.columns)) {
      const value = column in table.types ? normalEntry(config, table, record, column) : undefined;
      row[table.columns[column]] = value === undefined || value === null ? '' : value;
      if (value !== undefined) whole[column] = value;
    }
    return { ...whole, ...rowChanges(config, table, row, edit) };
  });
}

/**
 * What a record says for a typed column, in its normal form: dates stand in records under the key of the date itself.
 *
 * @param {Config} config
 * @param {{types: Record<string, string>}} table
 * @param {Entries} record
 * @param {string} column
 * @returns {Entry} undefined where it says nothing
 */
function normalEntry(config, table, record, column) {
  const jalali = column.endsWith(JALALI_SUFFIX);
  const value = column in record ? record[column] : jalali ? record[column.slice(0, -JALALI_SUFFIX.length)] : undefined;
  if (value === undefined || value === null || value === '' || typeof value === 'boolean') return value;
  if (jalali || table.types[column] === 'date') {
    if (value instanceof Date) return { day: dayOfMoment(value) };
    if (typeof value === 'number') return { day: Math.floor(value) };
    if (typeof value === 'object') return value;
    const day = meantDay(value);
    return day === null ? value : { day };
  }
  // What the script finds its own rows by stays as it is, to the letter.
  if (typeof value === 'object' || table.types[column] === 'id') return value;
  return normalValue(config, column, table.types[column], value);
}

/**
 * The stamps that go with changes which the script makes: of the row, and of columns that say since when they are so.
 *
 * @param {Config} config
 * @param {string} key
 * @param {Change[]} changes
 * @param {Date} now
 * @returns {Change[]}
 */
function stampsOf(config, key, changes, now) {
  const automation = sheetConfig(config, key)?.automation ?? {};
  const updated = automation.stamped?.updated;
  /** @type {Change[]} */
  const stamps = [];
  for (const change of changes) {
    const since = automation.since?.[change.column];
    if (updated) stamps.push({ id: change.id, column: updated, value: now });
    if (since && change.value !== '') stamps.push({ id: change.id, column: since, value: change.value === false ? '' : now });
  }
  return stamps;
}

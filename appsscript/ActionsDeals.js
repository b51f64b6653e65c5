/**
 * What is written when deals are won or lost.
 */

/**
 * The changes by which deals come to a stage. Those that are there already are left alone.
 *
 * @param {Config} config
 * @param {Table} deals
 * @param {string[]} ids
 * @param {string} stage the key of a choice
 * @param {Date} now
 * @returns {{changes: Change[], names: string[]}} the names of those that change
 */
function stageChanges(config, deals, ids, stage, now) {
  const rows = byId(deals);
  /** @type {Change[]} */
  const changes = [];
  const names = [];
  for (const id of new Set(ids)) {
    const row = rows.get(id);
    if (!row || chosenKey(config, 'deals', 'stage', cell(deals, row, 'stage')) === stage) continue;
    changes.push(...changesOf(config, deals, row, id, 'stage', stage, now));
    names.push(text(cell(deals, row, 'customer')) || id);
  }
  return { changes, names };
}

/**
 * The changes by which a row comes to a choice, with the day that goes along with it: nothing runs by itself when a script
 * writes. The book adds the stamps.
 *
 * @param {Config} config
 * @param {Table} table
 * @param {any[]} row
 * @param {string} id
 * @param {string} column
 * @param {string} choice its key
 * @param {Date} now
 * @returns {Change[]}
 */
function changesOf(config, table, row, id, column, choice, now) {
  const days = sheetConfig(config, table.key)?.automation.days ?? [];
  /** @type {Change[]} */
  const changes = [{ id, column, value: chosenTitle(config, table.key, column, choice) }];
  for (const condition of days) {
    if (condition.column !== column || !condition.choices?.includes(choice)) continue;
    const place = typedColumn(table, condition.sets);
    if (place && text(cell(table, row, place)) === '')
      changes.push({ id, column: condition.sets, value: { day: dayOfMoment(now) } });
  }
  return changes;
}

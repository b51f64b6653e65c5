/**
 * What follows from what was typed into a row: its normal form, ids, stamps, days, pairs of columns. Rows in, cells out.
 */

/**
 * What is known of how a row came to be as it is.
 *
 * @typedef {object} Edit
 * @property {Set<string> | null} columns those that were typed into; null where nobody knows (import, form)
 * @property {Value | undefined} before what the one cell that was typed into held; undefined where more than one was
 * @property {(row: any[]) => boolean} renewed whether a row's id is another row's and has to be a new one
 * @property {() => string} newId
 * @property {Date} now
 */

/**
 * The cells of a row that have to change: column -> new value. Nothing that is as it should be is in it, so what comes of
 * it comes to nothing the second time.
 *
 * @param {Config} config
 * @param {Table} table
 * @param {any[]} row
 * @param {Edit} edit
 * @returns {Entries}
 */
function rowChanges(config, table, row, edit) {
  const sheet = sheetConfig(config, table.key);
  /** @type {Entries} */
  const changes = {};
  normalise_(config, table, row, edit, changes);
  if (!sheet || !isRow(config, table, row)) return changes;
  const automation = sheet.automation;
  const created = stampColumn_(table, automation.stamped?.created);
  const renewed = edit.renewed(row);
  const numbered = sheet.prefix !== '' && 'id' in table.types;
  const noId = numbered && text(cell(table, row, 'id')) === '';
  const isNew = renewed || noId || (created !== '' && cell(table, row, created) === '');
  if (noId || renewed) changes.id = edit.newId();
  pair_(config, table, row, edit, changes);
  useDefaults_(config, table, row, edit, changes, isNew);
  noteMoments_(config, table, row, edit, changes, isNew);
  if (created && (renewed || cell(table, row, created) === '')) changes[created] = edit.now;
  const updated = stampColumn_(table, automation.stamped?.updated);
  if (updated && (isTouched_(table, edit, changes) || cell(table, row, updated) === '')) changes[updated] = edit.now;
  return changes;
}

/**
 * Whether there is anything in the column without which there is no row.
 *
 * @param {Config} config
 * @param {Table} table
 * @param {any[]} row
 * @returns {boolean}
 */
function isRow(config, table, row) {
  const anchor = typedColumn(table, sheetConfig(config, table.key)?.anchor ?? '');
  if (anchor) return text(cell(table, row, anchor)) !== '';
  return Object.keys(table.types).some((column) => {
    const value = isOurs_(table, column) ? '' : cell(table, row, column);
    return value !== '' && value !== false;
  });
}

/**
 * @param {Table} table
 * @param {string} column
 * @returns {boolean} whether the script writes it, not people
 */
function isOurs_(table, column) {
  return table.types[column] === 'id' || table.types[column] === 'stamp';
}

/**
 * @param {Table} table
 * @param {string | undefined} column
 * @returns {string} "" where the table does not have it
 */
function stampColumn_(table, column) {
  return column && column in table.types ? column : '';
}

/**
 * Whether people's own cells were typed into, or are changed with them.
 *
 * @param {Table} table
 * @param {Edit} edit
 * @param {Entries} changes
 * @returns {boolean}
 */
function isTouched_(table, edit, changes) {
  const columns = [...(edit.columns ?? []), ...Object.keys(changes)];
  return columns.some((column) => !isOurs_(table, column));
}

/**
 * @param {Config} config
 * @param {Table} table
 * @param {any[]} row
 * @param {Edit} edit
 * @param {Entries} changes
 */
function normalise_(config, table, row, edit, changes) {
  const lists = sheetConfig(config, table.key)?.lists ?? {};
  for (const column of edit.columns ?? Object.keys(table.types)) {
    const type = table.types[column];
    if (isOurs_(table, column) && (type !== 'id' || !edit.columns)) continue;
    const typed = cell(table, row, column);
    if (typed === '' || typeof typed === 'boolean') continue;
    let normal = normalValue(config, column, type, typed);
    const key = column in lists ? choiceKey(config, lists[column], normal) : '';
    if (key) normal = choiceTitle(config, lists[column], key);
    if (normal !== typed && !isWritten_(config, column, type, typed, normal)) changes[column] = normal;
  }
}

/**
 * Whether a cell holds already what would be written: in cells that are text a number stays text for good.
 *
 * @param {Config} config
 * @param {string} column
 * @param {string} type
 * @param {any} typed
 * @param {Entry} normal
 * @returns {boolean}
 */
function isWritten_(config, column, type, typed, normal) {
  if (typeof typed !== 'string') return false;
  return String(written(column, type, normal, config)) === typed || `'${typed}` === written(column, type, normal, config);
}

/**
 * A box and a choice that say the same: the choice counts where both were typed into.
 *
 * @param {Config} config
 * @param {Table} table
 * @param {any[]} row
 * @param {Edit} edit
 * @param {Entries} changes
 */
function pair_(config, table, row, edit, changes) {
  const paired = sheetConfig(config, table.key)?.automation.paired;
  if (!paired || !(paired.checkbox in table.types) || !(paired.choice in table.types)) return;
  const ticked = cell(table, row, paired.checkbox) === true;
  const key = choiceKey(config, paired.list, changes[paired.choice] ?? cell(table, row, paired.choice));
  const chosen = edit.columns ? edit.columns.has(paired.choice) && key !== '' : key === paired.on;
  const boxed = edit.columns ? edit.columns.has(paired.checkbox) : ticked;
  if (chosen) {
    if (ticked !== (key === paired.on)) changes[paired.checkbox] = !ticked;
  } else if (boxed && ticked !== (key === paired.on)) {
    changes[paired.choice] = choiceTitle(config, paired.list, ticked ? paired.on : paired.off);
  }
}

/**
 * @param {Config} config
 * @param {Table} table
 * @param {any[]} row
 * @param {Edit} edit
 * @param {Entries} changes
 * @param {boolean} isNew
 */
function useDefaults_(config, table, row, edit, changes, isNew) {
  for (const [column, key] of Object.entries(sheetConfig(config, table.key)?.automation.defaults ?? {})) {
    const free = column in table.types && !(column in changes) && text(cell(table, row, column)) === '';
    // What somebody has just emptied stays empty for the while.
    if (free && (isNew || !edit.columns?.has(column))) changes[column] = chosenTitle(config, table.key, column, key);
  }
}

/**
 * Since when a column is as it is, and on which day a row came to what is noted.
 *
 * @param {Config} config
 * @param {Table} table
 * @param {any[]} row
 * @param {Edit} edit
 * @param {Entries} changes
 * @param {boolean} isNew
 */
function noteMoments_(config, table, row, edit, changes, isNew) {
  const automation = sheetConfig(config, table.key)?.automation ?? {};
  for (const [column, sets] of Object.entries(automation.since ?? {})) {
    if (!(sets in table.types) || !(column in table.types)) continue;
    const value = valueNow_(table, row, changes, column);
    const changed = column in changes || edit.columns?.has(column) || (isNew && cell(table, row, sets) === '');
    const same = edit.before !== undefined && edit.columns?.has(column) && looksSame_(edit.before, value);
    if (!changed || same) continue;
    if (table.types[column] !== 'checkbox') {
      if (text(value) !== '') changes[sets] = edit.now;
    } else if (value === true) changes[sets] = edit.now;
    else if (cell(table, row, sets) !== '') changes[sets] = ''; // a box that is not ticked is so since always
  }
  for (const condition of automation.days ?? []) {
    const column = condition.column ?? condition.checkbox ?? '';
    const sets = typedColumn(table, condition.sets);
    if (!sets || !(column in table.types)) continue;
    if (edit.columns && !edit.columns.has(column) && !(column in changes)) continue;
    const noted = cell(table, row, sets);
    if (isMet_(config, table, condition, valueNow_(table, row, changes, column))) {
      if (noted === '') changes[sets] = table.types[sets] === 'stamp' ? edit.now : { day: dayOfMoment(edit.now) };
    } else if (isMet_(config, table, condition, valueBefore_(table, row, edit, changes, column))) {
      // Chosen by mistake and put right: the day that came of it goes again, one that somebody typed earlier stays.
      if (meantDay(noted) === dayOfMoment(edit.now)) changes[sets] = '';
    }
  }
}

/**
 * @param {Config} config
 * @param {Table} table
 * @param {Condition} condition
 * @param {any} value
 * @returns {boolean}
 */
function isMet_(config, table, condition, value) {
  if (condition.checkbox) return value === true || text(value).toLowerCase() === 'true';
  return (condition.choices ?? []).includes(chosenKey(config, table.key, condition.column ?? '', value));
}

/**
 * @param {Table} table
 * @param {any[]} row
 * @param {Entries} changes
 * @param {string} column
 * @returns {any}
 */
function valueNow_(table, row, changes, column) {
  return column in changes ? changes[column] : cell(table, row, column);
}

/**
 * What a column held before; "" where nobody knows.
 *
 * @param {Table} table
 * @param {any[]} row
 * @param {Edit} edit
 * @param {Entries} changes
 * @param {string} column
 * @returns {any}
 */
function valueBefore_(table, row, edit, changes, column) {
  if (edit.columns?.has(column)) return edit.before ?? '';
  return column in changes ? cell(table, row, column) : '';
}

/**
 * @param {any} one
 * @param {any} two
 * @returns {boolean}
 */
function looksSame_(one, two) {
  return folded(text(one)) === folded(text(two));
}

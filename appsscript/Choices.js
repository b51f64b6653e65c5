/**
 * What the configuration says of tables and choices, by their keys.
 */

/**
 * The configuration of a table.
 *
 * @typedef {object} SheetConfig
 * @property {string} title
 * @property {string} kind table, helper or view
 * @property {string} prefix of its ids; "" where rows have none
 * @property {string} anchor the column without which there is no row; "" for none
 * @property {Record<string, string>} lists the list of each column of choices
 * @property {Automation} automation
 */

/**
 * What the script keeps in order in a table. `sets` and the columns of `since` take a day or a moment by their type.
 *
 * @typedef {object} Automation
 * @property {{created?: string, updated?: string}} [stamped]
 * @property {Record<string, string>} [since] column -> the one that says since when it is as it is
 * @property {Condition[]} [days] what is noted, where nothing is noted yet, when a row comes to this
 * @property {{checkbox: string, choice: string, list: string, on: string, off: string}} [paired]
 * @property {string[]} [watched]
 * @property {string[]} [unique]
 * @property {Record<string, string>} [defaults] column -> key of a choice
 * @property {{when: {column?: string, choices?: string[], checkbox?: string}, day: string}} [archive]
 */

/**
 * @typedef {{column?: string, choices?: string[], checkbox?: string, sets: string}} Condition
 */

/**
 * @param {Config} config
 * @param {string} key
 * @returns {SheetConfig | null}
 */
function sheetConfig(config, key) {
  const sheets = /** @type {Record<string, any>} */ (config.sheets);
  return isOwn(sheets, key) ? sheets[key] : null;
}

/**
 * The choices of a list: key -> title, in their order.
 *
 * @param {Config} config
 * @param {string} list
 * @returns {Record<string, string>}
 */
function choicesOf(config, list) {
  const lists = /** @type {Record<string, Record<string, string>>} */ (config.choices);
  return isOwn(lists, list) ? lists[list] : {};
}

/**
 * How a choice is called in this CRM; its key where the list does not have it.
 *
 * @param {Config} config
 * @param {string} list
 * @param {string} key
 * @returns {string}
 */
function choiceTitle(config, list, key) {
  const choices = choicesOf(config, list);
  return isOwn(choices, key) ? choices[key] : key;
}

/**
 * The key of a choice by its title, however it is spelt, or by its key; "" where it is none of the list.
 *
 * @param {Config} config
 * @param {string} list
 * @param {any} title
 * @returns {string}
 */
function choiceKey(config, list, title) {
  if (title === '' || title === null || title === undefined) return '';
  const choices = Object.entries(choicesOf(config, list));
  for (const [key, one] of choices) if (one === title) return key; // as nearly all are: the rest is slow
  const wanted = folded(title);
  if (!wanted) return '';
  const found = choices.find(([, one]) => folded(one) === wanted) ?? choices.find(([key]) => key === text(title));
  return found ? found[0] : '';
}

/**
 * The key of what is chosen in a column of a table; "" for nothing and for what is no choice of its list.
 *
 * @param {Config} config
 * @param {string} table
 * @param {string} column
 * @param {any} value
 * @returns {string}
 */
function chosenKey(config, table, column, value) {
  return choiceKey(config, sheetConfig(config, table)?.lists?.[column] ?? '', value);
}

/**
 * The title of a choice of a column of a table.
 *
 * @param {Config} config
 * @param {string} table
 * @param {string} column
 * @param {string} key
 * @returns {string}
 */
function chosenTitle(config, table, column, key) {
  return choiceTitle(config, sheetConfig(config, table)?.lists?.[column] ?? '', key);
}

/**
 * Whether an object has a key of its own: what stands in cells may be called as what every object has.
 *
 * @param {object} object
 * @param {string} key
 * @returns {boolean}
 */
function isOwn(object, key) {
  return Object.prototype.hasOwnProperty.call(object, key);
}

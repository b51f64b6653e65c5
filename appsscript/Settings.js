/**
 * The settings of the sheet as the script goes by them: read with care, and what is wrong in them said in clear words.
 */

/**
 * @typedef {object} Choices
 * @property {string} mail_mode off, test or live
 * @property {boolean} mail_paused
 * @property {number} mail_daily_cap
 * @property {number} mail_reserve
 * @property {number} mail_first_live
 * @property {number} quiet_from hour of the day
 * @property {number} quiet_until hour of the day
 * @property {boolean} weekend_mail
 * @property {number[]} holidays days
 * @property {number} mail_spacing_days
 * @property {number} mail_late_days after so many days a step that never went out has lost its sense
 * @property {number} inactive_days
 * @property {string} mail_sender
 * @property {string} mail_reply_to
 * @property {boolean} reminders
 * @property {number} reminder_hour
 * @property {string} report_period off, weekly or monthly
 * @property {string[]} report_to addresses
 * @property {number} archive_days
 * @property {string[]} ticked keys of the actions that are ticked, in their order
 * @property {Record<string, any>} all every row as it was read, by its key
 */

/**
 * What each setting may be. A value that cannot be read counts as `careful`: the one that sends the least.
 *
 * @type {Record<string, {kind: string, usual: any, careful?: any, least?: number, most?: number, of?: string[]}>}
 */
const SETTING_RULES = {
  mail_mode: { kind: 'choice', usual: 'off', of: ['off', 'test', 'live'] },
  mail_paused: { kind: 'tick', usual: false, careful: true },
  mail_daily_cap: { kind: 'number', usual: 50, careful: 0, least: 0, most: 2000 },
  mail_reserve: { kind: 'number', usual: 10, careful: 2000, least: 0, most: 2000 },
  mail_first_live: { kind: 'number', usual: 5, careful: 0, least: 0, most: 2000 },
  quiet_from: { kind: 'number', usual: 20, least: 0, most: 24 },
  quiet_until: { kind: 'number', usual: 9, least: 0, most: 24 },
  weekend_mail: { kind: 'tick', usual: false },
  holidays: { kind: 'days', usual: [] },
  mail_spacing_days: { kind: 'number', usual: 3, least: 0, most: 3650 },
  mail_late_days: { kind: 'number', usual: 14, careful: 0, least: 0, most: 365 },
  inactive_days: { kind: 'number', usual: 0, careful: 0, least: 1, most: 3650 },
  mail_sender: { kind: 'text', usual: '' },
  mail_reply_to: { kind: 'addresses', usual: [] },
  reminders: { kind: 'tick', usual: true, careful: false },
  reminder_hour: { kind: 'number', usual: 8, least: 0, most: 23 },
  report_period: { kind: 'choice', usual: 'off', of: ['off', 'weekly', 'monthly'] },
  report_to: { kind: 'addresses', usual: [] },
  archive_days: { kind: 'number', usual: 365, least: 1, most: 36500 },
};

/** The boxes that the dispatcher carries out and unticks, in their order. */
const TICKED_ACTIONS = ['do_preview', 'do_send', 'do_report', 'do_archive'];

/**
 * What is wrong with a setting, and why.
 *
 * @typedef {{key: string, reason: string, value: string}} SettingProblem
 */

/**
 * The settings, and what is wrong in them. Pure.
 *
 * @param {Config} _config
 * @param {Record<string, any>} rows what `book.settings()` gives: a row that is gone counts as its usual value
 * @returns {{settings: Choices, problems: SettingProblem[]}}
 */
function checkedSettings(_config, rows) {
  /** @type {SettingProblem[]} */
  const problems = [];
  /** @type {Record<string, any>} */
  const values = {};
  for (const [key, rule] of Object.entries(SETTING_RULES)) {
    const value = rows[key];
    if (value === undefined || value === null || value === '') {
      values[key] = rule.usual;
      continue;
    }
    const read = readSetting_(rule, value);
    values[key] = read.value;
    if (read.reason) problems.push({ key, reason: read.reason, value: String(value).slice(0, 100) });
  }
  values.mail_reply_to = values.mail_reply_to[0] ?? '';
  values.ticked = TICKED_ACTIONS.filter((key) => isTicked_(rows[key]) === true);
  values.all = rows;
  return { settings: /** @type {Choices} */ (values), problems };
}

/**
 * @param {{kind: string, usual: any, careful?: any, least?: number, most?: number, of?: string[]}} rule
 * @param {any} value
 * @returns {{value: any, reason: string}} the reason is "" where it is well, otherwise not_a_number, not_between,
 *   not_a_choice, not_a_tick, not_a_day or not_an_address
 */
function readSetting_(rule, value) {
  const careful = rule.careful ?? rule.usual;
  if (rule.kind === 'tick') {
    const ticked = isTicked_(value);
    return ticked === null ? { value: careful, reason: 'not_a_tick' } : { value: ticked, reason: '' };
  }
  if (rule.kind === 'choice') {
    return rule.of?.includes(String(value)) ? { value, reason: '' } : { value: careful, reason: 'not_a_choice' };
  }
  if (rule.kind === 'number') {
    const number = typeof value === 'number' ? value : writtenNumber(String(value)) ?? NaN;
    if (!Number.isFinite(number)) return { value: careful, reason: 'not_a_number' };
    const inside = number >= (rule.least ?? 0) && number <= (rule.most ?? number);
    return inside ? { value: Math.floor(number), reason: '' } : { value: careful, reason: 'not_between' };
  }
  if (rule.kind === 'days') return readDays_(value);
  if (rule.kind === 'addresses') {
    const parts = settingParts_(String(value));
    const good = parts.filter((part) => /^[^\s@<>"(),:;]+@[^\s@<>"(),:;]+\.[^\s@<>"(),:;.]+$/.test(part));
    return { value: good, reason: good.length < parts.length ? 'not_an_address' : '' };
  }
  return { value: String(value).trim(), reason: '' };
}

/**
 * true, false, or null for what is neither. Boxes may have been made plain cells; people type into those.
 *
 * @param {any} value
 * @returns {boolean | null}
 */
function isTicked_(value) {
  if (typeof value === 'boolean') return value;
  const text = String(value ?? '').trim().toLowerCase();
  if (text === 'true' || text === '1') return true;
  return text === '' || text === 'false' || text === '0' ? false : null;
}

/**
 * Days of either calendar, separated by commas or spaces.
 *
 * @param {any} value
 * @returns {{value: number[], reason: string}}
 */
function readDays_(value) {
  const parts = value instanceof Date ? [value] : settingParts_(String(value));
  const days = parts.map((part) => meantDay(part));
  const good = days.filter((day) => day !== null);
  return { value: good, reason: good.length < days.length ? 'not_a_day' : '' };
}

/**
 * @param {string} text
 * @returns {string[]}
 */
function settingParts_(text) {
  return text.split(/[\s,;\u060c\u061b]+/).filter((part) => part !== '');
}

/**
 * A sentence for each thing that is wrong, for people.
 *
 * @param {Config} config
 * @param {SettingProblem[]} problems
 * @param {Table | null} table of the settings, which calls them as people do
 * @returns {string[]}
 */
function settingSentences(config, problems, table) {
  const words = config.words.settings_check;
  const rows = table && byId(table, 'key');
  return problems.map((problem) => {
    const row = rows?.get(problem.key);
    const title = (table && row && text(cell(table, row, 'title'))) || problem.key;
    return filled(words.wrong, title, problem.value, settingReason(config, problem));
  });
}

/**
 * What is wrong with a setting, without which one it is.
 *
 * @param {Config} config
 * @param {SettingProblem} problem
 * @returns {string}
 */
function settingReason(config, problem) {
  const words = config.words.settings_check;
  /** @type {Record<string, string>} */
  const reasons = {
    not_a_number: words.not_a_number,
    not_between: words.not_between,
    not_a_choice: words.not_a_choice,
    not_a_tick: words.not_a_tick,
    not_a_day: words.not_a_day,
    not_an_address: words.not_an_address,
  };
  const { least, most } = SETTING_RULES[problem.key];
  const ends = [least, most].map((number) => numberText(number ?? 0, config.digits));
  return filled(reasons[problem.reason] ?? '', ...ends);
}

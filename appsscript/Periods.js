/**
 * Days, weeks and months in the calendar of the CRM. A day is a number: days since 1899-12-30, as in a sheet.
 */

/**
 * A span of days. `end` is the day after its last one.
 *
 * @typedef {{key: string, start: number, end: number}} Period
 */

/**
 * The day of a moment, by the clock of the script: no daylight saving can shift it.
 *
 * @param {Date} moment
 * @returns {number}
 */
function dayOfMoment(moment) {
  return Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / DAY_MILLISECONDS + UNIX_DAY;
}

/**
 * Year, month (from 1) and day of the month in the CRM's calendar.
 *
 * @param {Config} config
 * @param {number} day
 * @returns {{year: number, month: number, day: number}}
 */
function dateOfDay(config, day) {
  if (config.calendar === 'jalali') return jalaliOf(day);
  const [year, month, date] = isoText(day).split('-').map(Number);
  return { year, month, day: date };
}

/**
 * The day of a date in the CRM's calendar; null for one that it does not have.
 *
 * @param {Config} config
 * @param {number} year
 * @param {number} month from 1
 * @param {number} day of the month
 * @returns {number | null}
 */
function dayOfCalendar(config, year, month, day) {
  if (config.calendar === 'jalali') return dayOfJalali(year, month, day);
  return gregorianDay(year, month, day);
}

/**
 * The day of the week: 0 for Sunday.
 *
 * @param {number} day
 * @returns {number}
 */
function weekdayOf(day) {
  return (day + 6) % 7; // day 0 was a Saturday
}

/**
 * The first day of the week in which a day lies.
 *
 * @param {Config} config
 * @param {number} day
 * @returns {number}
 */
function weekStartOf(config, day) {
  return day - ((weekdayOf(day) - config.weekStart + 7) % 7);
}

/**
 * The first day of a month, `months` after the one in which a day lies.
 *
 * @param {Config} config
 * @param {number} day
 * @param {number} months may be negative
 * @returns {number}
 */
function monthStartOf(config, day, months) {
  const date = dateOfDay(config, day);
  const number = date.year * 12 + date.month - 1 + months;
  return dayOfCalendar(config, Math.floor(number / 12), (number % 12) + 1, 1) ?? day;
}

/**
 * The last whole week or month before a day.
 *
 * @param {Config} config
 * @param {string} kind weekly or monthly
 * @param {number} today
 * @returns {Period}
 */
function periodBefore(config, kind, today) {
  const end = kind === 'weekly' ? weekStartOf(config, today) : monthStartOf(config, today, 0);
  const start = kind === 'weekly' ? end - 7 : monthStartOf(config, today, -1);
  return { key: `${kind}-${start}`, start, end };
}

/**
 * A day as people of this CRM write it.
 *
 * @param {Config} config
 * @param {number} day
 * @returns {string}
 */
function calendarText(config, day) {
  if (config.calendar === 'jalali') return jalaliText(day, config.digits);
  return config.digits === 'persian' ? persianDigits(isoText(day)) : isoText(day);
}

/**
 * An amount with its thousands apart: 12,500.5. Two decimals at most.
 *
 * @param {Config} config
 * @param {number} amount
 * @returns {string}
 */
function amountText(config, amount) {
  const [whole, part] = String(Math.round(Math.abs(amount) * 100) / 100).split('.');
  const persian = config.digits === 'persian';
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, persian ? '\u066c' : ',');
  const text = `${amount < 0 ? '-' : ''}${grouped}${part ? (persian ? '\u066b' : '.') + part : ''}`;
  return persian ? persianDigits(text) : text;
}

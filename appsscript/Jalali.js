/**
 * Days as dates of the Gregorian and of the Jalali calendar, and back. A day: whole days since 1899-12-30.
 */

/** What a column that people see is called beside the one that holds the date itself. */
const JALALI_SUFFIX = '_jalali';
const DAY_MILLISECONDS = 86400000;
/** 1970-01-01. */
const UNIX_DAY = 25569;
/** 1 Farvardin 1300, which was 1921-03-21; the sheet's formulas know the years from 1300 to 1500 as well. */
const JALALI_START = 7751;
const JALALI_YEARS = [1300, 1500];

/**
 * @param {number} year
 * @param {number} month 1 to 12
 * @param {number} day
 * @returns {Day | null} null where there is no such date
 */
function gregorianDay(year, month, day) {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same ? date.getTime() / DAY_MILLISECONDS + UNIX_DAY : null;
}

/**
 * A day as 2026-11-23.
 *
 * @param {Day} day
 * @returns {string}
 */
function isoText(day) {
  return new Date((day - UNIX_DAY) * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

/**
 * Eight years in 33 are leap years; that is the civil calendar of 1300 to 1500, day for day.
 *
 * @param {number} year
 * @returns {boolean}
 */
function isJalaliLeap(year) {
  return (year * 8 + 21) % 33 >= 25;
}

/**
 * The first day of a year.
 *
 * @param {number} year
 * @returns {Day}
 */
function jalaliNewYear_(year) {
  const leaps = Math.floor((year * 8 + 21) / 33) - Math.floor((JALALI_YEARS[0] * 8 + 21) / 33);
  return JALALI_START + (year - JALALI_YEARS[0]) * 365 + leaps;
}

/**
 * @param {number} year
 * @param {number} month 1 to 12
 * @param {number} day
 * @returns {Day | null} null where there is no such date
 */
function dayOfJalali(year, month, day) {
  if (!(year >= JALALI_YEARS[0] && year <= JALALI_YEARS[1] && month >= 1 && month <= 12 && day >= 1)) return null;
  const length = month <= 6 ? 31 : month < 12 || isJalaliLeap(year) ? 30 : 29;
  if (day > length) return null;
  return jalaliNewYear_(year) + (month <= 6 ? (month - 1) * 31 : 186 + (month - 7) * 30) + day - 1;
}

/**
 * The Jalali date of a day. Before and after the years that are known the nearest known year goes on.
 *
 * @param {Day} day
 * @returns {{year: number, month: number, day: number}}
 */
function jalaliOf(day) {
  let year = Math.min(Math.max(JALALI_YEARS[0] + Math.floor((day - JALALI_START) / 365.2423), JALALI_YEARS[0]), JALALI_YEARS[1]);
  if (jalaliNewYear_(year) > day && year > JALALI_YEARS[0]) year -= 1;
  else if (year < JALALI_YEARS[1] && jalaliNewYear_(year + 1) <= day) year += 1;
  const passed = day - jalaliNewYear_(year);
  if (passed < 186) return { year, month: Math.floor(passed / 31) + 1, day: (passed % 31) + 1 };
  return { year, month: Math.floor((passed - 186) / 30) + 7, day: ((passed - 186) % 30) + 1 };
}

/**
 * A day as 1405/09/02.
 *
 * @param {Day} day
 * @param {string} digits persian or latin
 * @returns {string}
 */
function jalaliText(day, digits) {
  const date = jalaliOf(day);
  const latin = `${date.year}/${twoDigits_(date.month)}/${twoDigits_(date.day)}`;
  return digits === 'persian' ? persianDigits(latin) : latin;
}

/**
 * @param {number} number
 * @returns {string}
 */
function twoDigits_(number) {
  return String(number).padStart(2, '0');
}

/**
 * The day that somebody meant by a date, whatever digits and signs they wrote it with; null where that is not certain.
 * A year from 1300 to 1500 is Jalali, one from 1900 to 2199 Gregorian: no date can be both. The year comes first or
 * last. Where it comes last and both other figures could be a month, Jalali dates have the day first, as all who write
 * them so do; Gregorian ones are not certain.
 *
 * @param {any} value
 * @returns {Day | null}
 */
function meantDay(value) {
  if (value instanceof Date) return dayOfDateValue_(value);
  const typed = latinDigits(String(value ?? '')).replace(INVISIBLE, '').trim();
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(typed);
  const parts = compact ?? /^(\d{1,4})\s*[-/.,\\\u066b\u066c\u060c\u2010-\u2015\u2212\s]\s*(\d{1,2})\s*[-/.,\\\u066b\u066c\u060c\u2010-\u2015\u2212\s]\s*(\d{1,4})$/.exec(typed);
  if (!parts) return null;
  const [first, second, third] = parts.slice(1).map(Number);
  if (parts[1].length === 4 && parts[3].length <= 2) return dayOfYear_(first, second, third);
  if (parts[3].length !== 4 || parts[1].length > 2) return null;
  if (third < 1900) return dayOfYear_(third, second, first);
  if (first > 12) return dayOfYear_(third, second, first);
  return second > 12 || first === second ? dayOfYear_(third, first, second) : null;
}

/**
 * @param {number} year
 * @param {number} month
 * @param {number} day
 * @returns {Day | null}
 */
function dayOfYear_(year, month, day) {
  if (year >= 1900 && year < 2200 && month >= 1 && month <= 12) return gregorianDay(year, month, day);
  return dayOfJalali(year, month, day);
}

/**
 * The day of a date cell. A sheet takes a typed 1405/08/30 for a date of the Gregorian year 1405: nobody means that.
 *
 * @param {Date} value
 * @returns {Day | null}
 */
function dayOfDateValue_(value) {
  if (Number.isNaN(value.getTime())) return null;
  const year = value.getFullYear();
  if (year >= 1900) return dayOfMoment(value);
  return dayOfJalali(year, value.getMonth() + 1, value.getDate());
}

/**
 * When people are left in peace: quiet hours, the weekend, and holidays, both fixed ones and those typed in the settings.
 */

/**
 * Why no mail goes to contacts at a moment; "" where it may.
 *
 * @param {Config} config
 * @param {Choices} settings
 * @param {Date} now
 * @returns {'' | 'quiet' | 'holiday' | 'weekend'}
 */
function restReason(config, settings, now) {
  if (isQuietHour(settings, now.getHours())) return 'quiet';
  const day = dayOfMoment(now);
  if (isHoliday(config, settings, day)) return 'holiday';
  return !settings.weekend_mail && isWeekend(config, day) ? 'weekend' : '';
}

/**
 * Whether an hour is one of rest. Two equal hours mean that there is none; 20 to 9 goes past midnight.
 *
 * @param {Choices} settings
 * @param {number} hour 0 to 23
 * @returns {boolean}
 */
function isQuietHour(settings, hour) {
  const { quiet_from: from, quiet_until: until } = settings;
  return from <= until ? hour >= from && hour < until : hour >= from || hour < until;
}

/**
 * @param {Config} config
 * @param {number} day
 * @returns {boolean}
 */
function isWeekend(config, day) {
  return config.weekend.includes(weekdayOf(day));
}

/**
 * Whether a day is a holiday: one of the CRM's calendar that comes every year, or one that people typed.
 *
 * @param {Config} config
 * @param {Choices} settings
 * @param {number} day
 * @returns {boolean}
 */
function isHoliday(config, settings, day) {
  if (settings.holidays.includes(day)) return true;
  const { month, day: number } = dateOfDay(config, day);
  const fixed = /** @type {readonly string[]} */ (config.fixedHolidays);
  return fixed.includes(`${String(month).padStart(2, '0')}-${String(number).padStart(2, '0')}`);
}

/**
 * The end of what may be sent in one go: a deadline, or the moment before it at which rest begins.
 *
 * @param {Config} config
 * @param {Choices} settings
 * @param {Date} now a moment that is none of rest
 * @param {Date} deadline
 * @returns {Date}
 */
function untilRest(config, settings, now, deadline) {
  const next = new Date(now);
  // Hour by hour, since an hour of rest may be any; a run is minutes long, so that two are enough.
  for (let hours = 1; hours <= 2; hours += 1) {
    next.setHours(now.getHours() + hours, 0, 0, 0);
    if (next >= deadline) return deadline;
    if (restReason(config, settings, next)) return next; // midnight may begin a weekend or a holiday
    next.setTime(now.getTime());
  }
  return deadline;
}

/**
 * Which jobs of the dispatcher are due, and in what order: from the settings, from what was done and from the time.
 */

/**
 * What the dispatcher remembers from run to run.
 *
 * @typedef {object} JobState
 * @property {Record<string, string>} last the occasion for which a job was finished last, by job
 * @property {string} next the job that a budget cut off: it goes first; "" for none
 * @property {string} running the job that was under way: where a run finds one, the former run was killed in it
 * @property {JobError[]} errors the latest of each job, until the job goes well
 */

/**
 * @typedef {{job: string, message: string, at: string}} JobError `at`: an ISO moment
 */

/**
 * The jobs in their order. `mail`: only where the CRM has its part mail; `replies`: only where it reads replies.
 *
 * @type {{key: string, mail?: boolean, replies?: boolean}[]}
 */
const JOBS = [
  { key: 'hygiene' },
  { key: 'replies', mail: true, replies: true },
  { key: 'ticked' },
  { key: 'follow_ups', mail: true },
  { key: 're_engage', mail: true },
  { key: 'digest', mail: true },
  { key: 'report', mail: true },
];

/**
 * The jobs that are due, each with its occasion: "" for what every run does, otherwise what it is done for once.
 *
 * @param {Config} config
 * @param {Choices} settings
 * @param {JobState} state
 * @param {Date} now
 * @returns {{key: string, occasion: string}[]}
 */
function dueJobs(config, settings, state, now) {
  const due = [];
  for (const job of JOBS) {
    if (job.mail && !hasMail(config)) continue;
    if (job.replies && !config.google.replies) continue;
    const occasion = occasionOf(config, settings, job.key, now);
    if (occasion === null || (occasion !== '' && state.last[job.key] === occasion)) continue;
    due.push({ key: job.key, occasion });
  }
  // What a budget cut off goes first, so that it is not always the same job that waits. What killed the former run goes
  // last, so that it cannot keep all others from running.
  const rank = (/** @type {string} */ key) => (key === state.running ? 1 : key === state.next ? -1 : 0);
  return due.sort((one, other) => rank(one.key) - rank(other.key));
}

/**
 * Whether this CRM sends mail at all.
 *
 * @param {Config} config
 * @returns {boolean}
 */
function hasMail(config) {
  return config.google.mail;
}

/**
 * What a job would be done for now; null while it is not its time. An occasion is a day, a week or a period: a
 * dispatcher that slept through many of them makes up for the latest one alone.
 *
 * @param {Config} config
 * @param {Choices} settings
 * @param {string} job
 * @param {Date} now
 * @returns {string | null}
 */
function occasionOf(config, settings, job, now) {
  const today = dayOfMoment(now);
  const hour = now.getHours();
  if (job === 'digest') return settings.reminders && hour >= settings.reminder_hour ? String(today) : null;
  if (job === 'report') {
    if (settings.report_period === 'off' || hour < settings.reminder_hour) return null;
    return periodBefore(config, settings.report_period, today).key;
  }
  if (job === 're_engage') {
    const first = firstWorkingDay(config, settings, today);
    return today >= first && !isQuietHour(settings, hour) ? String(weekStartOf(config, today)) : null;
  }
  return '';
}

/**
 * The first day of this week on which people work; its first day where the whole week is free.
 *
 * @param {Config} config
 * @param {Choices} settings
 * @param {number} today day
 * @returns {number} day
 */
function firstWorkingDay(config, settings, today) {
  const start = weekStartOf(config, today);
  for (let day = start; day < start + 7; day += 1) {
    if (!isWeekend(config, day) && !isHoliday(config, settings, day)) return day;
  }
  return start;
}

/**
 * The state that a text of the store holds; an empty one where it cannot be read.
 *
 * @param {string | null} text
 * @returns {JobState}
 */
function readJobState(text) {
  /** @type {any} */
  let found = null;
  try {
    found = JSON.parse(text ?? '');
  } catch (error) {
    found = null;
  }
  const errors = Array.isArray(found?.errors) ? found.errors : [];
  return {
    last: found && typeof found.last === 'object' && found.last ? found.last : {},
    next: String(found?.next ?? ''),
    running: String(found?.running ?? ''),
    errors: errors.filter((/** @type {any} */ one) => typeof one?.job === 'string'),
  };
}

/**
 * The state with an error of a job noted in the place of its former one; without one where `message` is "".
 *
 * @param {JobState} state
 * @param {string} job
 * @param {string} message
 * @param {Date} now
 * @returns {JobState}
 */
function withError(state, job, message, now) {
  const errors = state.errors.filter((one) => one.job !== job);
  // The store takes 9 KB a value, and a message may quote what people typed.
  if (message) errors.push({ job, message: message.slice(0, 300), at: now.toISOString() });
  return { ...state, errors };
}

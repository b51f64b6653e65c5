/**
 * What runs every hour: the jobs that are due, one after the other, within a budget of time.
 */

/** Google ends a run after six minutes. */
const RUN_MILLISECONDS = 270000;
/** How long a run waits for another one to end before it leaves. */
const RUN_PATIENCE = 2000;

/**
 * What a run did. `busy`: another one was under way. `copy`, `new`, `other`: nothing was done, as this is a copy, as
 * nobody has set it up, or as somebody else has meanwhile. Of each job: done,
 * time (it was cut off and goes first in the next run), later (it tries again in the next one), failed, waiting.
 *
 * @typedef {object} RunOutcome
 * @property {'done' | 'busy' | 'copy' | 'new' | 'other'} status
 * @property {Record<string, string>} jobs
 * @property {JobError[]} errors
 */

/**
 * @param {Services} services
 * @param {Config} config
 * @returns {RunOutcome}
 */
function runDispatcher(services, config) {
  const deadline = new Date(services.now().getTime() + RUN_MILLISECONDS);
  const lock = services.lock();
  if (!lock.take(RUN_PATIENCE)) return { status: 'busy', jobs: {}, errors: [] };
  try {
    return dispatched_(services, config, deadline);
  } finally {
    lock.free();
  }
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {Date} deadline
 * @returns {RunOutcome}
 */
function dispatched_(services, config, deadline) {
  const book = services.book();
  const place = placeOf(services, config, book);
  if (place !== 'here') return { status: place, jobs: {}, errors: [] };
  const [owner, user] = [services.store().get(SET_UP_KEYS.owner) ?? '', services.user()];
  if (owner && user && owner.toLowerCase() !== user.toLowerCase()) {
    // Somebody else has taken over: two that run would do everything twice.
    removeTriggers_(services);
    return { status: 'other', jobs: {}, errors: [] };
  }
  const { settings, problems } = checkedSettings(config, book.settings());
  let state = readJobState(services.store().get(SET_UP_KEYS.jobs));
  const keep = () => services.store().set(SET_UP_KEYS.jobs, JSON.stringify(state));
  const due = dueJobs(config, settings, state, services.now());
  const killed = state.running;
  if (killed) state = withError(state, killed, config.words.jobs.killed, services.now());
  state = withError(state, 'settings', settingSentences(config, problems, book.table('settings')).join(' '), services.now());
  state.next = '';
  /** @type {Record<string, string>} */
  const jobs = {};
  for (const { key, occasion } of due) {
    if (services.now() >= deadline) {
      jobs[key] = 'waiting';
      state.next = state.next || key;
      continue;
    }
    state.running = key;
    keep();
    const [end, message] = ended_(() => runJob_(services, config, book, settings, key, deadline));
    jobs[key] = end;
    state = withError(state, key, message, services.now());
    if (end === 'time') state.next = state.next || key;
    if (end === 'done' && occasion) state.last[key] = occasion;
  }
  state.running = '';
  keep();
  ended_(() => leaveHeartbeat(services, config, book, settings, state.errors));
  book.flush();
  return { status: 'done', jobs, errors: state.errors };
}

/**
 * How a job ended: done; time, it was cut off; later, something else keeps it from being done; or failed.
 *
 * @typedef {'done' | 'time' | 'later' | 'failed'} JobEnd
 */

/**
 * Runs a job so that its error stops no other.
 *
 * @param {() => JobEnd | void} job
 * @returns {[JobEnd, string]} with the message of its error
 */
function ended_(job) {
  try {
    return [job() || 'done', ''];
  } catch (error) {
    return ['failed', error instanceof Error ? error.message : String(error)];
  }
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {Choices} settings
 * @param {string} key of the job
 * @param {Date} deadline
 * @returns {JobEnd | void}
 */
function runJob_(services, config, book, settings, key, deadline) {
  switch (key) {
    case 'hygiene':
      return void tidyTables(services, config, book);
    case 'replies':
      return readReplies(services, config, book, deadline);
    case 'ticked':
      return runTickedActions(services, config, book, settings, deadline);
    case 'follow_ups':
      return sendFollowUps(services, config, book, deadline, ['lead', 'won']);
    case 're_engage':
      return sendFollowUps(services, config, book, deadline, ['inactive']);
    case 'digest':
      return sendDigests_(services, config, book, deadline);
    case 'report':
      return sendReports(services, config, book, settings, settings.report_period, deadline);
    default:
      throw new Error(key);
  }
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {Date} deadline
 * @returns {JobEnd}
 */
function sendDigests_(services, config, book, deadline) {
  const tables = tablesOf_(book, ['customers', 'leads', 'tasks', 'deals', 'mail_log']);
  const messages = digestMessages(config, tables, dayOfMoment(services.now()), services.spreadsheet().getUrl());
  return sendToTeam(services, config, book, messages, deadline);
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {Choices} settings
 * @param {string} kind weekly or monthly
 * @param {Date} deadline
 * @param {string} [asked] what keeps a report that somebody asked for apart
 * @returns {JobEnd}
 */
function sendReports(services, config, book, settings, kind, deadline, asked = '') {
  const tables = tablesOf_(book, ['leads', 'deals', 'interactions', 'tasks']);
  const readers = reportReaders(config, settings, services.user());
  const link = services.spreadsheet().getUrl();
  const messages = reportMessages(config, tables, kind, dayOfMoment(services.now()), readers, link, asked);
  return sendToTeam(services, config, book, messages, deadline);
}

/**
 * @param {Book} book
 * @param {string[]} keys
 * @returns {Record<string, Table | null>}
 */
function tablesOf_(book, keys) {
  return Object.fromEntries(keys.map((key) => [key, book.table(key)]));
}

/**
 * Sends mails to the team.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {Message[]} messages
 * @param {Date} deadline
 * @returns {JobEnd}
 */
function sendToTeam(services, config, book, messages, deadline) {
  return messages.length ? sendEnd_(config, sendAll(services, config, book, messages, deadline)) : 'done';
}

/**
 * Sends the follow-up mails of some audiences. What a cap, a holiday or the quota keeps back is not done yet.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {Date} deadline
 * @param {string[]} audiences
 * @returns {JobEnd}
 */
function sendFollowUps(services, config, book, deadline, audiences) {
  // A run may come here more than once. Where mail has gone to contacts for the first time in this very one, people are to
  // see how it went before more follows.
  const live = services.store().get(FIRST_LIVE);
  if (live && new Date(live).getTime() >= deadline.getTime() - RUN_MILLISECONDS) return 'later';
  const result = followUpRun(services, config, book, deadline, audiences);
  const end = sendEnd_(config, result);
  // What people deleted keeps all mail back until they are told.
  const broken = result.not.find(({ reason }) => reason === 'no_log' || reason === 'no_column');
  if (broken && end !== 'time') throw new Error(reasonText(config, broken.reason, broken.detail));
  const kept = result.not.some(({ reason }) => WAITING_REASONS.includes(reason));
  return end === 'done' && kept ? 'later' : end;
}

/** What keeps a mail back only for some time. */
const WAITING_REASONS = ['quiet', 'weekend', 'holiday', 'cap', 'quota', 'not_live_yet', 'paused', 'busy'];

/**
 * @param {Config} config
 * @param {SendResult} result
 * @returns {JobEnd}
 */
function sendEnd_(config, result) {
  const { stopped, left } = result;
  if (['no_log', 'no_user', 'trouble'].includes(stopped)) throw new Error(reasonText(config, stopped, ''));
  if (stopped === 'time') return 'time';
  return WAITING_REASONS.includes(stopped) || (left > 0 && stopped === '') ? 'later' : 'done';
}

/**
 * Sends mails so that nobody gets one twice: each is claimed in the log, sent, and marked, whatever breaks in between.
 *
 * A batch has a journal in the store. It says which mails were claimed, and before each one that it is being sent now; so
 * a run that is killed leaves at most one mail of which nobody knows. The next run marks the others and lists that one.
 * All of it happens under the lock: a journal that lies there is that of a dead run.
 */

/**
 * @typedef {{sent: number, failed: number, unknown: number, left: number, stopped: string}} SendResult `left`: mails that
 *   were not sent for the reason `stopped`: busy, quota, time, trouble, off, paused, copy, not_set_up, no_log, no_user
 */

/**
 * A mail of a batch as the journal holds it.
 *
 * @typedef {{key: string, email: string, contact: string, template: string}} ClaimedMail
 */

/**
 * How far a batch came: before `at` all are sent but those that are named; `at` is being sent, unless `over`.
 *
 * @typedef {{batch: string, at: number, over: boolean, failed: number[], unknown: number[]}} BatchProgress
 */

/** Milliseconds: who asks by hand waits for a short run of the dispatcher to end, and is told where it is a long one. */
const LOCK_PATIENCE = 10000;
const MAIL_BATCH = 'mail_batch';
const MAIL_AT = 'mail_at';
/** At most so many mails are claimed at once, and at most so many bytes does the store take: 9 KB is Google's limit. */
const BATCH_MAILS = 20;
const BATCH_BYTES = 8000;
/** After so many sends in a row that ended in an error nobody knows, the run leaves it at that. */
const MOST_TROUBLE = 3;

/**
 * Sends mails, in batches, until a deadline. Mails to the team (`internal`) go out in every mode; in mode test all go to
 * whoever runs the script. A key that the log knows is not sent again.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {Message[]} messages
 * @param {Date} deadline
 * @returns {SendResult}
 */
function sendAll(services, config, book, messages, deadline) {
  /** @type {SendResult} */
  const none = { sent: 0, failed: 0, unknown: 0, left: 0, stopped: '' };
  if (!messages.length) return none;
  const lock = services.lock();
  if (!lock.take(LOCK_PATIENCE)) return { ...none, left: messages.length, stopped: 'busy' };
  try {
    return sendLocked_(services, config, book, messages, deadline);
  } finally {
    lock.free();
  }
}

/**
 * The same, while nobody else sends.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {Message[]} messages
 * @param {Date} deadline
 * @returns {SendResult}
 */
function sendLocked_(services, config, book, messages, deadline) {
  const { settings } = checkedSettings(config, book.settings());
  /** @type {SendResult} */
  const result = { sent: 0, failed: 0, unknown: 0, left: 0, stopped: '' };
  const stop = (/** @type {string} */ reason, /** @type {number} */ left) => ({ ...result, stopped: reason, left });
  const guard = mailGuard(services, config, book);
  if (guard) return stop(guard, messages.length);
  result.unknown += recover(services, config, book).unknown;
  if (settings.mail_paused) return stop('paused', messages.length);
  const log = bookHistory(config, book, settings.mail_mode);
  if (!log) return stop('no_log', messages.length);
  const test = settings.mail_mode === 'test';
  const user = test ? addressKey(services.user()) : '';
  if (test && !isAddress(user)) return stop('no_user', messages.length);

  const open = settings.mail_mode === 'live' || test;
  const seen = new Set();
  let queue = messages.filter((message) => {
    if ((!open && !message.internal) || log.keys.has(message.key) || seen.has(message.key)) return false;
    return seen.add(message.key);
  });
  let closed = open ? 0 : messages.filter((message) => !message.internal).length;
  let trouble = 0;
  for (let number = 0; queue.length && !result.stopped; number += 1) {
    if (number) {
      // People go on working: who was suppressed, or switched mail off, since the last batch is heard.
      const now = currentStops(services, config, book, settings.mail_mode);
      if (now.paused) return stop('paused', queue.length);
      if (now.off && !closed) {
        closed = queue.filter((message) => !message.internal).length;
        queue = queue.filter((message) => message.internal);
      }
      queue = queue.filter((message) => message.internal || !now.suppressed.has(addressKey(message.to)));
      if (!queue.length) break;
    }
    if (services.now() >= deadline) return stop('time', queue.length);
    const room = services.mail().left() - settings.mail_reserve;
    if (room < 1) return stop('quota', queue.length);
    const batch = nextBatch_(queue, user, Math.min(BATCH_MAILS, room));
    const done = sendBatch_(services, config, book, batch, test, deadline, trouble);
    batch.forEach(({ message }, place) => {
      const status = done.statuses[place];
      if (status) noteMail(log, { key: message.key, status, day: dayOfMoment(services.now()), email: message.to });
      if (status === 'sent' || status === 'failed' || status === 'unknown') result[status] += 1;
    });
    queue = queue.slice(done.statuses.length);
    trouble = done.trouble;
    result.stopped = done.stopped;
  }
  result.left = queue.length + closed;
  if (closed && !result.stopped) result.stopped = 'off';
  return result;
}

/**
 * The first mails of a queue that fit into a journal, with what the journal says of each.
 *
 * @param {Message[]} queue
 * @param {string} user to whom a test goes; "" for no test
 * @param {number} most
 * @returns {{message: Message, claim: ClaimedMail}[]} one at least
 */
function nextBatch_(queue, user, most) {
  const batch = [];
  let bytes = 200;
  for (const message of queue.slice(0, most)) {
    const contact = plainLine(message.contact ?? '', 60);
    const email = user || message.to;
    const template = plainLine(message.template ?? '', MOST_KEY);
    const claim = { key: (user ? TEST_KEY : '') + message.key, email, contact, template };
    // A sign is three bytes at most, and six where JSON escapes it.
    bytes += encodeURIComponent(JSON.stringify(claim)).length;
    if (batch.length && bytes > BATCH_BYTES) break;
    batch.push({ message, claim });
  }
  return batch;
}

/**
 * Claims, sends and marks the mails of a batch.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {{message: Message, claim: ClaimedMail}[]} batch
 * @param {boolean} test
 * @param {Date} deadline
 * @param {number} trouble sends in a row before this batch that ended in an error nobody knows
 * @returns {{statuses: string[], stopped: string, trouble: number}} a status for each mail that was tried
 */
function sendBatch_(services, config, book, batch, test, deadline, trouble) {
  const store = services.store();
  const claims = batch.map(({ claim }) => claim);
  /** @type {BatchProgress} */
  const progress = { batch: services.random(), at: 0, over: false, failed: [], unknown: [] };
  // The journal comes before the claims: where the run dies between them, they are known to have been sent to nobody.
  store.set(MAIL_BATCH, JSON.stringify({ id: progress.batch, test, claims }));
  book.append('mail_log', claims.map((claim, place) => logRecord_(config, services.now(), claim, 'claimed', batch[place].message.subject)));
  book.flush();

  const mail = services.mail();
  /** @type {string[]} */
  const details = [];
  let stopped = '';
  for (const { message, claim } of batch) {
    if (services.now() >= deadline) stopped = 'time';
    if (stopped) break;
    store.set(MAIL_AT, JSON.stringify(progress));
    const subject = test ? plainLine(filled(config.words.mail.test, message.to, message.subject), 250) : message.subject;
    try {
      mail.send({ to: claim.email, subject, text: message.text, html: message.html, name: message.name ?? '', replyTo: message.replyTo ?? '' });
      trouble = 0;
    } catch (error) {
      const kind = sendFault(String(error instanceof Error ? error.message : error), () => mail.left());
      if (kind === 'quota' || kind === 'refused') {
        stopped = kind === 'quota' ? 'quota' : 'trouble';
        break;
      }
      details[progress.at] = plainLine(error instanceof Error ? error.message : error, 300);
      progress[kind].push(progress.at);
      trouble = kind === 'unknown' ? trouble + 1 : 0;
      if (trouble >= MOST_TROUBLE) stopped = 'trouble';
    }
    progress.at += 1;
  }
  progress.over = true;
  store.set(MAIL_AT, JSON.stringify(progress));
  const statuses = batchStatuses(claims.length, progress);
  markBatch_(services, config, book, claims, statuses, test, details);
  book.flush();
  store.remove(MAIL_BATCH);
  return { statuses: statuses.filter((status) => status !== ''), stopped, trouble };
}

/**
 * What an error of a send means: `failed`, there is no such address; `quota`; `refused`, the script may not send; or
 * `unknown`. Google says these sentences in the language of the account, so the quota itself is asked as well.
 *
 * @param {string} message
 * @param {() => number} left
 * @returns {'failed' | 'quota' | 'refused' | 'unknown'}
 */
function sendFault(message, left) {
  if (/invalid email|no recipient|invalid argument|invalid recipient/i.test(message)) return 'failed';
  if (/limit exceeded: email (body|subject|total|attachment|recipients per)/i.test(message)) return 'failed';
  if (/too many times|quota|limit exceeded/i.test(message)) return 'quota';
  if (/permission|authori[sz]ation|not allowed/i.test(message)) return 'refused';
  try {
    return left() < 1 ? 'quota' : 'unknown';
  } catch (error) {
    return 'unknown';
  }
}

/**
 * The status of each mail of a batch; "" for those that were never tried.
 *
 * @param {number} count
 * @param {BatchProgress | null} progress null where none was tried
 * @returns {string[]}
 */
function batchStatuses(count, progress) {
  return Array.from({ length: count }, (_, place) => {
    if (!progress || place > progress.at || (place === progress.at && progress.over)) return '';
    if (place === progress.at || progress.unknown.includes(place)) return 'unknown';
    return progress.failed.includes(place) ? 'failed' : 'sent';
  });
}

/**
 * Writes into the log how the mails of a batch ended, and takes back the claims of those that were never tried.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {ClaimedMail[]} claims
 * @param {string[]} statuses
 * @param {boolean} test
 * @param {string[]} [details]
 */
function markBatch_(services, config, book, claims, statuses, test, details = []) {
  const status = (/** @type {number} */ place) => (test && statuses[place] === 'sent' ? 'test' : statuses[place]);
  const changes = claims.flatMap(({ key }, place) => {
    if (!statuses[place]) return [];
    const title = choiceTitle(config, 'mail_status', status(place));
    return [{ id: key, column: 'status', value: title }, { id: key, column: 'detail', value: details[place] ?? '' }];
  });
  // Rows that people deleted meanwhile, or that never came into the sheet, are written again: the log is the memory.
  const gone = new Set(changes.length ? book.write('mail_log', 'key', changes) : []);
  const again = claims.flatMap((claim, place) =>
    gone.has(claim.key) && statuses[place] ? [logRecord_(config, services.now(), claim, status(place), '', details[place])] : [],
  );
  if (again.length) book.append('mail_log', again);
  const untried = claims.filter((_, place) => !statuses[place]).map(({ key }) => key);
  if (untried.length) book.remove('mail_log', 'key', untried);
}

/**
 * @param {Config} config
 * @param {Date} now
 * @param {ClaimedMail} claim
 * @param {string} status
 * @param {string} subject
 * @param {string} [detail]
 * @returns {Entries}
 */
function logRecord_(config, now, claim, status, subject, detail = '') {
  const { key, email, contact, template } = claim;
  return { key, sent_at: now, email, customer: contact, template, subject, status: choiceTitle(config, 'mail_status', status), detail };
}

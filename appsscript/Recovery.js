/**
 * What mails need to know before they go out: where a dead run left off, whether this is a copy, who wants no more mail.
 */

/** What goes before an address in the store that is to get no more mail and does not stand in the sheet yet: its value is
 * how that came about, link, reply or bounced. */
const STOP_KEY = 'stop:';

/**
 * The log's facts, read once a run and kept up with what the run sends.
 *
 * @type {WeakMap<Book, {mode: string, history: MailHistory}>}
 */
const BOOK_HISTORIES = new WeakMap();

/**
 * @param {Config} config
 * @param {Book} book
 * @param {string} mode
 * @returns {MailHistory | null} null where the log is gone, or a column without which it says nothing
 */
function bookHistory(config, book, mode) {
  const known = BOOK_HISTORIES.get(book);
  if (known && known.mode === mode) return known.history;
  const table = soundLog_(book);
  if (!table) return null;
  const history = mailHistory(config, table, mode);
  BOOK_HISTORIES.set(book, { mode, history });
  return history;
}

/**
 * How many mails are unknown. By what this run knows of the log, which is not read again for it.
 *
 * @param {Config} config
 * @param {Book} book
 * @param {string} mode
 * @returns {number}
 */
function unknownCount(config, book, mode) {
  const statuses = [...(bookHistory(config, book, mode)?.keys.values() ?? [])];
  return statuses.filter((status) => status === 'unknown').length;
}

/**
 * @param {Book} book
 * @returns {Table | null} the log, with the columns that tell who got what
 */
function soundLog_(book) {
  const table = book.table('mail_log');
  return table && ['key', 'status', 'sent_at'].every((column) => has(table, column)) ? table : null;
}

/**
 * Why no mail at all goes out of this spreadsheet; "" where it is the one that was set up.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @returns {'' | 'copy' | 'not_set_up'}
 */
function mailGuard(services, config, book) {
  const place = placeOf(services, config, book);
  return place === 'here' ? '' : place === 'copy' ? 'copy' : 'not_set_up';
}

/**
 * Brings the log up to date after a run that died: what it sent is marked, the one it was sending is unknown, what it
 * had claimed and not tried is free again. A claim without a journal is unknown too. Sends nothing; to be run twice is no
 * harm, and neither is to die in it.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @returns {{unknown: number}} how many mails became unknown
 */
function recover(services, config, book) {
  const lock = services.lock();
  if (mailGuard(services, config, book) || !lock.take(0)) return { unknown: 0 };
  try {
    const known = BOOK_HISTORIES.has(book);
    const store = services.store();
    const batch = readBatch(store.get(MAIL_BATCH));
    // Within a run nothing dies unseen: one look is enough.
    if (known && !batch) return { unknown: 0 };
    const log = soundLog_(book);
    if (!log) return { unknown: 0 };
    const journal = batch ? recoverBatch_(services, config, book, batch) : { unknown: 0 };
    const own = new Set(batch?.claims.map((claim) => claim.key));
    const forgotten = [];
    for (const mail of loggedMails(config, log)) if (mail.status === 'claimed' && !own.has(mail.key)) forgotten.push(mail.key);
    if (forgotten.length) {
      const value = choiceTitle(config, 'mail_status', 'unknown');
      book.write('mail_log', 'key', forgotten.map((id) => ({ id, column: 'status', value })));
      book.flush();
    }
    BOOK_HISTORIES.delete(book);
    return { unknown: journal.unknown + forgotten.length };
  } finally {
    lock.free();
  }
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {{id: string, test: boolean, claims: ClaimedMail[]}} batch
 * @returns {{unknown: number}}
 */
function recoverBatch_(services, config, book, batch) {
  const store = services.store();
  const statuses = batchStatuses(batch.claims.length, readProgress(store.get(MAIL_AT), batch.id));
  markBatch_(services, config, book, batch.claims, statuses, batch.test);
  book.flush();
  store.remove(MAIL_BATCH);
  return { unknown: statuses.filter((status) => status === 'unknown').length };
}

/**
 * The batch that a journal holds; null for none. One that cannot be read is none: its claims are unknown then.
 *
 * @param {string | null} text
 * @returns {{id: string, test: boolean, claims: ClaimedMail[]} | null}
 */
function readBatch(text) {
  try {
    const found = JSON.parse(text ?? '');
    return found && typeof found.id === 'string' && Array.isArray(found.claims) ? found : null;
  } catch (error) {
    return null;
  }
}

/**
 * How far a batch came; null where none of it was tried, as what is noted is a former batch's.
 *
 * @param {string | null} text
 * @param {string} batch id
 * @returns {BatchProgress | null}
 */
function readProgress(text, batch) {
  try {
    const found = JSON.parse(text ?? '');
    return found && found.batch === batch && typeof found.at === 'number' ? found : null;
  } catch (error) {
    return null;
  }
}

/**
 * What people did since the tables were read: who is suppressed or unsubscribed now, whether all mail is paused, and whether the mode is
 * another one. The whole sheets are looked at, whichever column an address or a box stands in by now.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {string} mode that of the run
 * @returns {{suppressed: Set<string>, paused: boolean, off: boolean}} `off`: nothing more goes to contacts in that mode
 */
function currentStops(services, config, book, mode) {
  const cells = (/** @type {string} */ key) => book.find(key)?.all() ?? [];
  const addresses = cells('suppressions').flat().flatMap(heldAddresses).filter((address) => address.includes('@'));
  const isTrue = (/** @type {any} */ value) => text(value).toLowerCase() === 'true';
  const settings = cells('settings');
  const paused = settings.some((row) => row.includes('mail_paused') && row.some(isTrue));
  const isMode = (/** @type {any} */ value) => choiceKey(config, 'mail_mode', value) === mode;
  const off = !settings.some((row) => row.includes('mail_mode') && row.some(isMode));
  const ticked = unsubscribedNow_(book);
  return { suppressed: new Set([...addresses, ...(ticked ?? []), ...pendingStops(services)]), paused, off: off || !ticked };
}

/**
 * The addresses of customers who are ticked as unsubscribed at this moment: a few columns, as a batch cannot wait for all.
 *
 * @param {Book} book
 * @returns {string[] | null} null where a column is gone that says so
 */
function unsubscribedNow_(book) {
  const table = book.table('customers');
  const grid = book.find('customers');
  if (!table || !grid) return [];
  const [email, box] = ['email', 'unsubscribed'].map((column) => table.columns[column]);
  if (email === undefined || box === undefined) return null;
  const [left, header] = [Math.min(email, box), table.first - 1];
  const rows = grid.values(header, left + 1, Math.max(1, grid.rows() - header + 1), Math.abs(email - box) + 1);
  const isSame = [email, box].every((place) => text(rows[0][place - left]) === text(table.head?.[place]));
  if (isSame) return rows.flatMap((row) => (saysUnsubscribed(row[box - left]) ? heldAddresses(row[email - left]) : []));
  // People moved columns or rows meanwhile.
  const { columns } = grid.layout();
  if (columns.email === undefined || columns.unsubscribed === undefined) return null;
  return grid.all().flatMap((row) => (saysUnsubscribed(row[columns.unsubscribed]) ? heldAddresses(row[columns.email]) : []));
}

/**
 * The addresses that unsubscribed and do not stand in the sheet yet.
 *
 * @param {Services} services
 * @returns {string[]}
 */
function pendingStops(services) {
  const keys = services.store().keys();
  return keys.filter((key) => key.startsWith(STOP_KEY)).map((key) => key.slice(STOP_KEY.length));
}

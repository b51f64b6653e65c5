/**
 * The follow-up mails of a run: what is due, judged and sent; or only told, without any effect.
 */

/** The key of the store that says since when mails go to contacts. */
const FIRST_LIVE = 'mail_live';

/**
 * What would be sent and what not, as plain values. `decision` is send or a reason's key; `why` the reason in words.
 *
 * @typedef {{key: string, table: string, contact: string, name: string, to: string, sequence: string, step: number, due: string, decision: string, detail: string, why: string}} Explanation
 */

/**
 * Brings the log up to date and sends what is due. `not`: the due ones that were not sent, and why; empty where no mail
 * could go out at all, for the reason `stopped`.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {Date} deadline
 * @param {string[]} [audiences] lead, won, inactive; all where nothing is said
 * @returns {SendResult & {not: NotSent[]}}
 */
function followUpRun(services, config, book, deadline, audiences) {
  const none = { sent: 0, failed: 0, unknown: 0, left: 0, stopped: '', not: [] };
  const lock = services.lock();
  if (!lock.take(LOCK_PATIENCE)) return { ...none, stopped: 'busy' };
  try {
    const { settings } = checkedSettings(config, book.settings());
    const guard = mailGuard(services, config, book);
    if (guard) return { ...none, stopped: guard };
    const { unknown } = recover(services, config, book);
    carryStops(services, config, book);
    const now = services.now();
    const rest = settings.mail_paused ? 'paused' : restReason(config, settings, now);
    if (settings.mail_mode === 'off' || rest) return { ...none, unknown, stopped: rest || 'off' };
    const facts = mailFacts_(services, config, book, settings, guard);
    const wishes = wishesOf_(config, book, settings, facts, audiences);
    const { send, not } = judged(config, wishes, facts);
    const result = sendAll(services, config, book, send, untilRest(config, settings, now, deadline));
    const first = facts.first && settings.mail_mode === 'live' && result.sent + result.unknown + result.failed > 0;
    // Noted at the end: a first run that dies is followed by another first one, which is as small.
    if (first) services.store().set(FIRST_LIVE, now.toISOString());
    return { ...result, unknown: unknown + result.unknown, not };
  } finally {
    lock.free();
  }
}

/**
 * Who would get which mail now, and why not. Without any effect.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @returns {Explanation[]}
 */
function explainFollowUps(services, config, book) {
  if (!hasMail(config)) return [];
  return explained_(config, verdictNow_(services, config, book).verdict).map(({ told }) => told);
}

/**
 * A verdict as plain values, each with its wish.
 *
 * @param {Config} config
 * @param {ReturnType<typeof judged>} verdict
 * @returns {{wish: Wish, told: Explanation}[]}
 */
function explained_(config, verdict) {
  /** @type {(wish: Wish, decision: string, detail: string) => Explanation} */
  const told = (wish, decision, detail) => ({
    key: wish.key,
    table: wish.table,
    contact: wish.contact,
    name: plainLine(wish.name, 200),
    to: wish.to,
    sequence: wish.sequence,
    step: wish.step,
    due: isoText(wish.due),
    decision,
    detail,
    why: decision === 'send' ? '' : reasonText(config, decision, detail),
  });
  return [
    ...verdict.wished.map((wish) => ({ wish, told: told(wish, 'send', '') })),
    ...verdict.not.map(({ wish, reason, detail }) => ({ wish, told: told(wish, reason, detail) })),
  ];
}

/**
 * The same for a page, with each mail as it would look; its links lead nowhere. Where the mail cannot be made, its texts
 * are "".
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {number} [most] so many mails are written out, the others only told
 * @returns {(Explanation & {subject: string, text: string, html: string})[]}
 */
function previewFollowUps(services, config, book, most = 100) {
  if (!hasMail(config)) return [];
  const { facts, verdict } = verdictNow_(services, config, book);
  return explained_(config, verdict).map(({ wish, told }, place) => {
    const made = place < most ? sampleMessage(config, wish, facts) : null;
    return { ...told, subject: made?.subject ?? '', text: made?.text ?? '', html: made?.html ?? '' };
  });
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @returns {{facts: MailFacts, verdict: ReturnType<typeof judged>}}
 */
function verdictNow_(services, config, book) {
  const { settings } = checkedSettings(config, book.settings());
  const facts = { ...mailFacts_(services, config, book, settings, mailGuard(services, config, book)), link: () => '#' };
  return { facts, verdict: judged(config, wishesOf_(config, book, settings, facts), facts) };
}

/**
 * @param {Config} config
 * @param {Book} book
 * @param {Choices} settings
 * @param {MailFacts} facts
 * @param {string[]} [audiences]
 * @returns {Wish[]}
 */
function wishesOf_(config, book, settings, facts, audiences) {
  const tables = Object.fromEntries(['leads', 'customers', 'deals', 'sequences'].map((key) => [key, book.table(key)]));
  return dueFollowUps(config, tables, settings, dayOfMoment(facts.now), facts.history, audiences);
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {Choices} settings
 * @param {string} guard
 * @returns {MailFacts}
 */
function mailFacts_(services, config, book, settings, guard) {
  const store = services.store();
  const url = config.google.web ? services.web().url() : '';
  const secret = store.get(SET_UP_KEYS.secret) ?? '';
  const history = bookHistory(config, book, settings.mail_mode);
  const empty = mailHistory(config, null, settings.mail_mode);
  const suppressions = book.table('suppressions');
  return {
    settings,
    now: services.now(),
    history: history ?? empty,
    suppressed: suppressedAddresses(suppressions, pendingStops(services)),
    unsubscribed: unsubscribedAddresses(book.table('customers')),
    templates: templatesOf(book.table('mail_templates')),
    user: services.user(),
    guard,
    // Without the sheet of the suppressions nobody knows who wants no mail.
    log: history !== null && suppressions !== null && has(suppressions, 'email'),
    first: store.get(FIRST_LIVE) === null,
    left: services.mail().left() - settings.mail_reserve,
    linked: url !== '' && secret !== '',
    replies: readAddress(config, settings, store.get(SET_UP_KEYS.owner) ?? ''),
    link: (address) => unsubscribeLink(url, address, services.sign(address, secret)),
  };
}

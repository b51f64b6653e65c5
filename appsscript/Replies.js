/**
 * What the answers to mails mean, and what follows from them: a sequence stops, or the address gets no more mail.
 */

/**
 * @typedef {{from: string, subject: string, text: string, date: Date}} Letter
 */

/** The key of the store that says up to when letters were read. */
const REPLIES_SEEN = 'replies_seen';
/** A mail that does not arrive comes back within so many days: mail programs try no longer than five. */
const BOUNCE_DAYS = 7;
/** Of a letter's own words so many count: who wants no more mail says so at once. */
const MOST_WORDS = 300;

/**
 * The address that a letter came from.
 *
 * @param {string} from such as Sara <sara@example.com>
 * @returns {string}
 */
function senderOf(from) {
  const found = /<([^<>]*)>[^<>]*$/.exec(from);
  return addressKey(found ? found[1] : from);
}

/**
 * A letter's own words: what it quotes is ours, and our mails speak of unsubscribing themselves.
 *
 * @param {string} text
 * @returns {string}
 */
function ownWords(text) {
  const lines = text.slice(0, 20000).split(/\r\n?|\n/);
  // A quotation begins with its signs, or with the line that says who wrote when: it ends with a colon and names an address.
  const end = lines.findIndex(
    (line, number) =>
      /^[\s\u200e\u200f\u202a-\u202e]*(>|-{3,}|_{5,})/.test(line) ||
      /^-- ?$/.test(line) ||
      (/[:\uff1a][\s\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/.test(line) && /@|\d{4}|[\u06f0-\u06f9]{4}/.test(`${lines[number - 1] ?? ''}${line}`)),
  );
  const own = end < 0 ? lines : lines.slice(0, end);
  return own.join('\n').trim();
}

/**
 * What a letter means: `leave`, no more mail; `auto`, no person wrote it; `bounce`, a mail did not arrive; `reply`.
 *
 * @param {Config} config
 * @param {Letter} letter
 * @returns {'leave' | 'auto' | 'bounce' | 'reply'}
 */
function replyMeaning(config, letter) {
  const words = config.words.replies;
  const from = senderOf(letter.from);
  const subject = folded(letter.subject.slice(0, 300));
  if (/^(mailer-daemon|postmaster)@/.test(from)) return /\bdelay|incomplete/.test(subject) ? 'auto' : 'bounce';
  if (/^(no-?reply|do-?not-?reply|notifications?)@/.test(from)) return 'auto';
  const list = (/** @type {string} */ text) => text.split(/[,\u060c]/).map(folded).filter(Boolean);
  const own = spaced_(ownWords(letter.text).slice(0, MOST_WORDS));
  const about = spaced_(unmarked_(subject, list(words.subject_marks)));
  const leaves =
    list(words.leave_words).some((word) => own === spaced_(word) || about === spaced_(word)) ||
    list(words.leave_phrases).some((phrase) => own.includes(spaced_(phrase)));
  if (leaves) return 'leave';
  return list(words.auto_subjects).some((start) => subject.startsWith(start)) ? 'auto' : 'reply';
}

/**
 * A subject without the marks that mail programs put before it, each followed by a colon.
 *
 * @param {string} subject
 * @param {string[]} marks
 * @returns {string}
 */
function unmarked_(subject, marks) {
  const [mark, ...rest] = subject.split(/\s*[:\uff1a]\s*/);
  return rest.length && marks.includes(mark.trim()) ? unmarked_(rest.join(':'), marks) : subject;
}

/**
 * A text as words with one space before, between and after them.
 *
 * @param {string} value
 * @returns {string}
 */
function spaced_(value) {
  return ` ${folded(value).replace(/[^\p{L}\p{N}]+/gu, ' ').trim()} `;
}

/**
 * Reads the letters since the last time, a day's at a time, as a mailbox may be busy or long unread: what was read stays
 * read where the time is up. Who asks for no more mail, and who cannot be reached, gets none; a lead that answered is
 * marked; of a customer's answer an interaction is noted. To read a letter twice changes nothing.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {Date} deadline
 * @returns {JobEnd}
 */
function readReplies(services, config, book, deadline) {
  const store = services.store();
  const now = services.now().getTime();
  const noted = Date.parse(store.get(REPLIES_SEEN) ?? '');
  // The first time only a day back: older letters were read by people.
  let since = Number.isNaN(noted) ? now - DAY_MILLISECONDS : noted;
  for (;;) {
    const isLast = since + DAY_MILLISECONDS >= now;
    const until = isLast ? null : new Date(since + DAY_MILLISECONDS);
    const letters = services.inbox().since(new Date(since), until);
    if (letters.length) heedLetters_(services, config, book, letters);
    // Google may find a new letter late: what is just past is asked for again until a later letter comes.
    const seen = until ? until.getTime() : letters.reduce((last, { date }) => Math.max(last, date.getTime()), since);
    if (seen > since || Number.isNaN(noted)) store.set(REPLIES_SEEN, new Date(seen).toISOString());
    if (isLast) return 'done';
    if (services.now() >= deadline) return 'time';
    since = seen;
  }
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {Letter[]} letters
 */
function heedLetters_(services, config, book, letters) {
  const store = services.store();
  const leads = book.table('leads');
  const customers = book.table('customers');
  const user = addressKey(services.user());
  const known = new Map([...contactsByAddress_(customers), ...contactsByAddress_(leads)]);
  const all = letters.map((letter) => ({ letter, from: senderOf(letter.from), meaning: replyMeaning(config, letter) }));
  const meant = all.filter(
    ({ from, meaning }) => known.has(from) && from !== user && (meaning === 'leave' || meaning === 'reply'),
  );
  const bounces = all.filter(({ meaning }) => meaning === 'bounce').map(({ letter }) => letter);
  for (const address of bounced_(config, book, bounces)) {
    if (known.has(address) && address !== user) store.set(STOP_KEY + address, 'bounced');
  }
  for (const { from, meaning } of meant) if (meaning === 'leave') store.set(STOP_KEY + from, 'reply');
  const days = new Map(meant.map(({ from, letter }) => [from, dayOfMoment(letter.date)]));
  markReplied_(book, leads, days);
  noteAnswers_(config, book, customers, meant.filter(({ meaning }) => meaning === 'reply'));
  carryStops(services, config, book);
  book.flush();
}

/**
 * The addresses that could not be reached: of each letter the first one that got a mail lately. Anybody can write such a
 * letter, and name in it whom they like.
 *
 * @param {Config} config
 * @param {Book} book
 * @param {Letter[]} bounces
 * @returns {string[]}
 */
function bounced_(config, book, bounces) {
  if (!bounces.length) return [];
  const { spaced } = mailHistory(config, book.table('mail_log'), 'live');
  return bounces.flatMap((letter) => {
    const first = dayOfMoment(letter.date) - BOUNCE_DAYS;
    const address = addressesIn_(letter).find((one) => (spaced.get(one) ?? -1) >= first);
    return address ? [address] : [];
  });
}

/**
 * The addresses that a letter about a mail that did not arrive speaks of.
 *
 * @param {Letter} letter
 * @returns {string[]}
 */
function addressesIn_(letter) {
  const found = letter.text.slice(0, 20000).match(/[^\s<>"'(),;:[\]]+@[^\s<>"'(),;:[\]]+/g) ?? [];
  return [...new Set(found.map((one) => addressKey(one).replace(/\.+$/, '')))].filter(isAddress);
}

/**
 * @param {Table | null} table
 * @returns {[string, any[]][]} rows by address
 */
function contactsByAddress_(table) {
  if (!table) return [];
  const pairs = table.rows.map((row) => /** @type {[string, any[]]} */ ([addressKey(cell(table, row, 'email')), row]));
  return pairs.filter(([address]) => address !== '');
}

/**
 * @param {Book} book
 * @param {Table | null} leads
 * @param {Map<string, number>} days the day of the answer by address
 */
function markReplied_(book, leads, days) {
  if (!leads || !has(leads, 'replied_on')) return;
  const changes = leads.rows.flatMap((row) => {
    const day = days.get(addressKey(cell(leads, row, 'email')));
    const id = text(cell(leads, row, 'id'));
    if (day === undefined || !id || text(cell(leads, row, 'replied_on'))) return [];
    return [{ id, column: 'replied_on', value: { day } }];
  });
  if (changes.length) book.write('leads', 'id', changes);
}

/**
 * Notes the answers of customers as interactions, each once.
 *
 * @param {Config} config
 * @param {Book} book
 * @param {Table | null} customers
 * @param {{letter: Letter, from: string}[]} answers
 */
function noteAnswers_(config, book, customers, answers) {
  const rows = new Map(contactsByAddress_(customers));
  const open = answers.filter(({ from }) => rows.has(from));
  const interactions = open.length ? book.table('interactions') : null;
  if (!customers || !interactions) return;
  /** @type {(day: number | null, customer: string, details: string) => string} */
  const sign = (day, customer, details) => [day, folded(customer), folded(details)].join('|');
  const seen = new Set(
    interactions.rows.map((row) => {
      const of = (/** @type {string} */ column) => text(cell(interactions, row, column));
      return sign(mailDay(interactions, row, 'date'), of('customer'), of('details'));
    }),
  );
  const type = choiceTitle(config, 'interaction_type', 'email');
  const records = open.flatMap(({ letter, from }) => {
    const row = rows.get(from) ?? [];
    const customer = `${text(cell(customers, row, 'name'))} \u00b7 ${text(cell(customers, row, 'id'))}`;
    const day = dayOfMoment(letter.date);
    const details = filled(config.words.replies.note, plainLine(letter.subject, 150));
    const mark = sign(day, customer, details);
    if (seen.has(mark)) return [];
    seen.add(mark);
    return [{ date: { day }, customer, type, details }];
  });
  if (records.length) book.append('interactions', records);
}

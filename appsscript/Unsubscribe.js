/**
 * How people get no more mail: the page behind the link of a mail, and what happens when they say so there or by reply.
 */

/**
 * What a web app is called with.
 *
 * @typedef {{parameter?: Record<string, string>}} WebEvent
 */

/** Milliseconds that whoever unsubscribes waits for another run to end; what they said is kept in any case. */
const STOP_PATIENCE = 3000;

/**
 * The link of a mail. Its token shows that we wrote it: nobody can unsubscribe others by guessing.
 *
 * @param {string} url of the script's page
 * @param {string} address
 * @param {string} token
 * @returns {string}
 */
function unsubscribeLink(url, address, token) {
  return `${url}?unsubscribe=${encodeURIComponent(address)}&token=${encodeURIComponent(token)}`;
}

/**
 * The page behind the link. It only asks: programs that look at every link of a mail must not unsubscribe anybody.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {WebEvent} event
 * @returns {GoogleAppsScript.HTML.HtmlOutput}
 */
function answerGet(services, config, event) {
  const words = config.words.unsubscribe;
  const request = stopRequest_(services, event);
  if (!request) return services.web().answer(webPageHtml_(config, words.title, words.broken));
  const form = markup`<form method="post" action="${services.web().url(true)}" target="_top">
    <input type="hidden" name="unsubscribe" value="${request.address}">
    <input type="hidden" name="token" value="${request.token}">
    <button type="submit" autofocus>${words.button}</button></form>`;
  const address = markup`<p><bdi dir="ltr">${request.address}</bdi></p>`;
  return services.web().answer(webPageHtml_(config, words.title, words.question, [address, form]));
}

/**
 * The button of the page, or that of a mail program: from now on the address gets no mail. The answer is the same for
 * addresses that are in this CRM and for others.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {WebEvent} event
 * @returns {GoogleAppsScript.HTML.HtmlOutput}
 */
function answerPost(services, config, event) {
  const words = config.words.unsubscribe;
  const request = stopRequest_(services, event);
  if (!request) return services.web().answer(webPageHtml_(config, words.title, words.broken));
  // First into the store: that takes no lock, cannot fail on an edited sheet, and every send looks at it.
  services.store().set(STOP_KEY + request.address, 'link');
  const lock = services.lock();
  if (lock.take(STOP_PATIENCE)) {
    try {
      carryStops(services, config, services.book());
    } catch (error) {
      console.warn(String(error)); // a stranger is told nothing of the sheets; the next run carries it into them
    } finally {
      lock.free();
    }
  }
  return services.web().answer(webPageHtml_(config, words.title, words.done));
}

/**
 * What a call of the page asks for; null where its token is not ours.
 *
 * @param {Services} services
 * @param {WebEvent} event
 * @returns {{address: string, token: string} | null}
 */
function stopRequest_(services, event) {
  const address = addressKey(event.parameter?.unsubscribe);
  const token = String(event.parameter?.token ?? '');
  const secret = services.store().get(SET_UP_KEYS.secret) ?? '';
  if (!isAddress(address) || !secret || !sameText(token, services.sign(address, secret))) return null;
  return { address, token };
}

/**
 * Whether two texts are the same, in a time that does not tell how much of them is.
 *
 * @param {string} one
 * @param {string} other
 * @returns {boolean}
 */
function sameText(one, other) {
  let difference = one.length ^ other.length;
  for (let place = 0; place < other.length; place += 1) difference |= one.charCodeAt(place % (one.length || 1)) ^ other.charCodeAt(place);
  return difference === 0;
}

/**
 * Writes into the sheets who unsubscribed, or cannot be reached: a row of the suppressions, which outlives the contact, and
 * the box of the customer. What is in the sheets for good leaves the store; where there are no suppressions any more it stays there.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 */
function carryStops(services, config, book) {
  const stops = pendingStops(services);
  if (!stops.length) return;
  const words = config.words.unsubscribe;
  const store = services.store();
  const hows = new Map(stops.map((address) => [address, store.get(STOP_KEY + address) ?? '']));
  const suppressions = book.table('suppressions');
  if (suppressions) {
    const known = suppressedAddresses(suppressions, []);
    const since = { day: dayOfMoment(services.now()) };
    /** @type {Record<string, string>} */
    const sources = { link: words.by_link, reply: words.by_reply, bounced: words.by_bounce };
    const fresh = stops.filter((address) => !known.has(address));
    const records = fresh.map((address) => {
      const reason = choiceTitle(config, 'suppression_reason', hows.get(address) === 'bounced' ? 'bounced' : 'unsubscribed');
      return { email: address, reason, since, source: sources[hows.get(address) ?? ''] ?? '' };
    });
    if (records.length) book.append('suppressions', records);
  }
  tickUnsubscribed_(book, new Set(stops.filter((address) => hows.get(address) !== 'bounced')));
  book.flush();
  if (suppressions) for (const address of stops) store.remove(STOP_KEY + address);
}

/**
 * @param {Book} book
 * @param {Set<string>} addresses
 */
function tickUnsubscribed_(book, addresses) {
  const customers = book.table('customers');
  if (!customers) return;
  const rows = customers.rows.filter((row) => addresses.has(addressKey(cell(customers, row, 'email'))));
  const open = rows.filter((row) => !mailTick(customers, row, 'unsubscribed') && text(cell(customers, row, 'id')) !== '');
  const changes = open.map((row) => ({ id: text(cell(customers, row, 'id')), column: 'unsubscribed', value: true }));
  if (changes.length) book.write('customers', 'id', changes);
}

/**
 * A page for people who have no account and know nothing of this CRM.
 *
 * @param {Config} config
 * @param {string} title
 * @param {string} sentence
 * @param {Markup[]} [more]
 * @returns {string}
 */
function webPageHtml_(config, title, sentence, more = []) {
  const ink = inkOf(config.accent);
  const style =
    'body{font:16px/1.8 Vazirmatn,Roboto,Tahoma,Arial,sans-serif;color:#1f2933;background:#fff;margin:0}' +
    `main{max-width:480px;margin:12vh auto 0;padding:24px;border-top:3px solid ${config.accent}}` +
    'h1{font-size:20px;margin:0 0 8px}p{margin:0 0 16px}' +
    `button{font:inherit;color:#fff;background:${ink};border:0;border-radius:6px;padding:10px 20px;cursor:pointer}` +
    `button:focus-visible{outline:3px solid ${ink};outline-offset:3px}`;
  const page = markup`<!DOCTYPE html><html lang="${config.language}" dir="${config.direction}"><head>
    <base target="_top"><meta charset="utf-8"><title>${title}</title><style>${{ html: style }}</style></head>
    <body><main><h1>${title}</h1><p role="status">${sentence}</p>${more}
    <p><small><bdi>${config.name}</bdi></small></p></main></body></html>`;
  return page.html;
}

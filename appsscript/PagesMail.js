/**
 * The page that shows which follow-ups would be sent and which not, and sending them at once.
 */

/** So many rows are shown of each kind, and so many mails as they would look. */
const PREVIEW_ROWS = 100;
/** How long a click may send: a page waits for it, and what is left goes with the next run of the dispatcher. */
const CLICK_SENDING = 240000;

/**
 * @param {Services} services
 * @param {Config} config
 * @returns {Page}
 */
function previewPage(services, config) {
  const words = config.words.preview;
  const book = services.book();
  const told = previewFollowUps(services, config, book, PREVIEW_ROWS);
  const send = told.filter((one) => one.decision === 'send');
  const not = told.filter((one) => one.decision !== 'send');
  const { settings } = checkedSettings(config, book.settings());
  const close = closeButton(config);
  const button = send.length ? formMarkup('sendNow', services.random(), [], words.send, close) : footMarkup(close);
  const none = told.length ? words.none_sent : words.none;
  const body = markup`<p class="note">${mailModeText_(config, settings)}</p><p class="quiet">${words.intro}</p>
${send.length ? sentMarkup_(config, send) : markup`<p>${none}</p>`}${button}${not.length ? notSentMarkup_(config, not) : ''}`;
  return { title: words.title, body, menu: config.words.menu.preview, width: 720, height: 600 };
}

/**
 * @param {Config} config
 * @param {Choices} settings
 * @returns {string}
 */
function mailModeText_(config, settings) {
  const words = config.words.preview;
  if (settings.mail_paused) return words.paused;
  if (settings.mail_mode === 'live') return words.mode_live;
  return settings.mail_mode === 'test' ? words.mode_test : words.mode_off;
}

/**
 * @param {Config} config
 * @param {ReturnType<typeof previewFollowUps>} told
 * @returns {Markup}
 */
function sentMarkup_(config, told) {
  const words = config.words.preview;
  const rows = told.slice(0, PREVIEW_ROWS).map((one) => {
    const subject = subjectMarkup_(config, one);
    const text = markup`<div class="mail" dir="${config.direction}">${shortened(tamed(one.text), 3000)}</div>`;
    const mail = one.text ? markup`<details><summary>${subject}</summary>${text}</details>` : subject;
    return markup`<tr><td>${whoMarkup_(one)}</td><td>${mail}</td></tr>`;
  });
  return tableMarkup_(
    config,
    filled(words.will, numberText(told.length, config.digits)),
    [words.who, words.mail],
    rows,
    told.length,
  );
}

/**
 * @param {Config} config
 * @param {ReturnType<typeof previewFollowUps>} told
 * @returns {Markup}
 */
function notSentMarkup_(config, told) {
  const words = config.words.preview;
  const rows = told.slice(0, PREVIEW_ROWS).map((one) => {
    const why = shortened(tamed(one.why), 300);
    return markup`<tr><td>${whoMarkup_(one)}</td><td>${subjectMarkup_(config, one)}</td><td>${why}</td></tr>`;
  });
  const caption = filled(words.wont, numberText(told.length, config.digits));
  return tableMarkup_(config, caption, [words.who, words.mail, words.why], rows, told.length);
}

/**
 * What a mail is called: its subject runs as the language does, also where it begins with a foreign name.
 *
 * @param {Config} config
 * @param {Explanation & {subject: string}} one
 * @returns {Markup}
 */
function subjectMarkup_(config, one) {
  const subject = one.subject || `${one.sequence} ${numberText(one.step, config.digits)}`;
  return markup`<bdi dir="${config.direction}">${shortened(tamed(subject), 120)}</bdi>`;
}

/**
 * @param {Explanation} one
 * @returns {Markup}
 */
function whoMarkup_(one) {
  return markup`${typed(one.name || one.contact, 60)}<small>${typed(one.to, 80)}</small>`;
}

/**
 * @param {Config} config
 * @param {string} caption
 * @param {string[]} heads
 * @param {Markup[]} rows
 * @param {number} number of all, shown or not
 * @returns {Markup}
 */
function tableMarkup_(config, caption, heads, rows, number) {
  const more = number - rows.length;
  const rest = more
    ? markup`<p class="quiet">${filled(config.words.preview.more, numberText(more, config.digits))}</p>`
    : '';
  const head = heads.map((one) => markup`<th scope="col">${one}</th>`);
  return markup`<table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>${rest}`;
}

/**
 * What is asked before mails are sent by a click; "" where there is nothing to send.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @returns {string}
 */
function sendQuestion_(services, config, book) {
  const words = config.words.send;
  const { settings } = checkedSettings(config, book.settings());
  const count = explainFollowUps(services, config, book).filter((one) => one.decision === 'send').length;
  if (!count) return '';
  return filled(settings.mail_mode === 'live' ? words.ask_live : words.ask_test, numberText(count, config.digits));
}

/**
 * What a run of sending came to, for people.
 *
 * @param {Config} config
 * @param {SendResult} result
 * @returns {string}
 */
function sendText_(config, result) {
  const words = config.words.send;
  const digits = (/** @type {number} */ number) => numberText(number, config.digits);
  const trouble = result.failed + result.unknown;
  return [
    result.sent || !result.stopped ? filled(words.sent, digits(result.sent)) : '',
    result.left ? filled(words.left, digits(result.left)) : '',
    result.stopped ? reasonText(config, result.stopped, '') : '',
    trouble ? filled(words.trouble, digits(trouble), sheetTitle(config, 'mail_log')) : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/**
 * The button of the preview. A second click finds what the first one sent in the log.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {PageQuestion} data
 * @returns {PageAnswer}
 */
function answerSend(services, config, data) {
  const words = config.words.send;
  if (!hasMail(config)) return { bad: true, say: config.words.page.unknown };
  const book = services.book();
  if (!data.confirmed) {
    const question = sendQuestion_(services, config, book);
    return question ? { confirm: { text: question, yes: words.yes, no: words.no } } : { say: words.nothing };
  }
  const result = followUpRun(services, config, book, new Date(services.now().getTime() + CLICK_SENDING));
  const bad = Boolean(result.stopped || result.failed || result.unknown);
  return { say: sendText_(config, result), good: !bad, bad };
}

/**
 * The same from the menu.
 *
 * @param {Services} services
 * @param {Config} config
 */
function sendFollowUpsNow(services, config) {
  const title = config.words.menu.send_now;
  const ui = services.ui();
  const book = services.book();
  const question = hasMail(config) ? sendQuestion_(services, config, book) : '';
  if (!question) return void ui.alert(title, config.words.send.nothing, ui.ButtonSet.OK);
  if (ui.alert(title, question, ui.ButtonSet.YES_NO) !== ui.Button.YES) return;
  book.fresh();
  const result = followUpRun(services, config, book, new Date(services.now().getTime() + CLICK_SENDING));
  ui.alert(title, sendText_(config, result), ui.ButtonSet.OK);
}

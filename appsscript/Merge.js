/**
 * A template and a contact's fields make the mail: its subject, its text, and its HTML in the calm look of the CRM.
 */

/**
 * @typedef {{subject: string, body: string}} Template
 */

/**
 * How whoever gets a mail can say that they want no more.
 *
 * @typedef {{link: string, replies: boolean, replyTo: string}} WayOut
 */

const MOST_SUBJECT = 200;
const MOST_BODY = 20000;
const MOST_FIELD = 200;

/** What stands in double braces in a template. */
const MERGE_FIELD = /\{\{([^{}]*)\}\}/;

/**
 * A text as one harmless line: no control signs, no line ends, nothing that turns the direction of what follows. The
 * joiners of Persian stay.
 *
 * @param {any} value
 * @param {number} most signs
 * @returns {string}
 */
function plainLine(value, most) {
  // Cut before the work as well: a cell may hold 50,000 signs.
  const line = harmless_(String(value ?? '').slice(0, most * 4)).replace(/\s+/g, ' ').trim();
  return [...line].slice(0, most).join('').trim();
}

/**
 * @param {string} value
 * @returns {string} with its line ends as \n, and without control, direction and lone surrogate signs
 */
function harmless_(value) {
  return value
    .replace(/\r\n?|[\u0085\u2028\u2029\u000b\u000c]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(/[\u0000-\u0009\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/g, '')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '');
}

/**
 * A text in pieces: even ones as they stand, odd ones the names of fields.
 *
 * @param {string} template
 * @returns {string[]}
 */
function mergePieces_(template) {
  return template.split(MERGE_FIELD);
}

/**
 * The key of a field as people wrote it: by its key in any case, or by its name in the language of the CRM.
 *
 * @param {Config} config
 * @param {string} written
 * @returns {string}
 */
function fieldKey_(config, written) {
  const words = config.words.merge;
  /** @type {Record<string, string>} */
  const names = { [words.name]: 'name', [words.company]: 'company', [words.product]: 'product', [words.sender]: 'sender' };
  const name = plainLine(written, 60).replace(/\u064a/g, '\u06cc').replace(/\u0643/g, '\u06a9');
  return isOwn(names, name) ? names[name] : name.toLowerCase().replace(/[\s-]+/g, '_');
}

/**
 * The value of a field; "" where there is none that may go into a mail.
 *
 * @param {Record<string, string>} fields
 * @param {string} key
 * @returns {string}
 */
function fieldValue_(fields, key) {
  if (!isOwn(fields, key)) return '';
  const value = plainLine(fields[key], MOST_FIELD);
  // A form that anybody may fill in must not make us send somebody's advertisement to others; nor an error of a formula.
  if (key === 'name' && (isAdvertised_(value) || [...value].length > 80)) return '';
  return /^#(N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|ERROR!)$/.test(value) ? '' : value;
}

/**
 * Whether a name holds what mail programs make a link of.
 *
 * @param {string} value
 * @returns {boolean}
 */
function isAdvertised_(value) {
  const plain = value.normalize('NFKC').replace(/[\u00ad\u200b-\u200d\u2060]/g, '');
  return /:\/\/|www\.|@|[\p{L}\p{N}-]\.\p{L}[\p{L}\p{N}-]+(:\d+)?[/?#]/iu.test(plain);
}

/**
 * The fields of a template for which there is no value, each once, as the template writes them.
 *
 * @param {Config} config
 * @param {Template} template
 * @param {Record<string, string>} fields
 * @returns {string[]}
 */
function missingFields(config, template, fields) {
  const pieces = [template.subject, template.body].map(mergePieces_);
  const missing = pieces.flatMap((parts) =>
    // Braces that are left over are a field that somebody did not write to its end.
    parts.filter((piece, at) => (at % 2 ? !fieldValue_(fields, fieldKey_(config, piece)) : /\{\{|\}\}/.test(piece))),
  );
  return [...new Set(missing.map((piece) => plainLine(piece, 60)))];
}

/**
 * The mail. Whoever calls has looked at `missingFields` before.
 *
 * @param {Config} config
 * @param {Template} template
 * @param {Record<string, string>} fields
 * @param {WayOut} way
 * @returns {{subject: string, text: string, html: string}}
 */
function mergedMail(config, template, fields, way) {
  const value = (/** @type {string} */ piece) => fieldValue_(fields, fieldKey_(config, piece));
  const subject = mergePieces_(template.subject).map((piece, place) => (place % 2 ? value(piece) : piece)).join('');
  const body = mergePieces_(harmless_(template.body.slice(0, MOST_BODY)).trim());
  const plain = body.map((piece, place) => (place % 2 ? value(piece) : piece)).join('');
  // A name keeps its own direction, so that what stands beside it does not jump.
  const rich = body.map((piece, place) => (place % 2 ? `<bdi>${escaped(value(piece))}</bdi>` : linked_(piece))).join('');
  const leaving = leavingText_(config, way);
  const footer = way.link ? `${leaving}\n${way.link}` : leaving;
  return {
    subject: plainLine(subject, MOST_SUBJECT) || plainLine(config.name, MOST_SUBJECT),
    text: `${plain}\n\n-- \n${plainLine(config.name, 100)}\n${footer}\n`,
    // The template decides, not whose name comes into it.
    html: mailHtml(config, directionOf(config, body.filter((_, place) => place % 2 === 0).join('')), paragraphs_(rich), leavingHtml_(config, way)),
  };
}

/**
 * A mail's HTML around its body. Everything is said in the tags themselves, as mail programs drop the rest.
 *
 * @param {Config} config
 * @param {string} direction ltr or rtl
 * @param {string} body HTML
 * @param {string} footer HTML
 * @returns {string}
 */
function mailHtml(config, direction, body, footer) {
  const side = direction === 'rtl' ? 'right' : 'left';
  const font = 'font-family:Vazirmatn,Roboto,Tahoma,Arial,sans-serif';
  return (
    `<!DOCTYPE html><html lang="${escaped(config.language)}" dir="${direction}"><head><meta charset="utf-8"></head>` +
    `<body style="margin:0;padding:0;background:#ffffff">` +
    `<div dir="${direction}" style="${font};font-size:15px;line-height:1.8;color:#1f2933;text-align:${side};` +
    `max-width:560px;margin:0 auto;padding:24px 20px;border-top:3px solid ${escaped(config.accent)}">${body}` +
    `<div dir="${escaped(config.direction)}" style="margin-top:32px;padding-top:12px;border-top:1px solid #e5e7eb;` +
    `font-size:12px;line-height:1.7;color:#6b7280;text-align:${config.direction === 'rtl' ? 'right' : 'left'}">` +
    `<bdi>${escaped(plainLine(config.name, 100))}</bdi>${footer ? `<br>${footer}` : ''}</div></div></body></html>`
  );
}

/**
 * The direction that a text is read in: a template may be in another language than the CRM.
 *
 * @param {Config} config
 * @param {string} content
 * @returns {string}
 */
function directionOf(config, content) {
  const right = (content.match(/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/g) ?? []).length;
  const left = (content.match(/[A-Za-z\u00c0-\u024f\u0370-\u04ff]/g) ?? []).length;
  return right === left ? config.direction : right > left ? 'rtl' : 'ltr';
}

/**
 * @param {string} html with \n where lines end
 * @returns {string}
 */
function paragraphs_(html) {
  const paragraph = (/** @type {string} */ lines) => `<p style="margin:0 0 16px">${lines.replace(/\n/g, '<br>')}</p>`;
  return html.split(/\n[ ]*\n\s*/).map(paragraph).join('');
}

/**
 * A piece of a template for a page, with what is an address of the web as a link. Values of fields never become links.
 *
 * @param {string} piece
 * @returns {string}
 */
function linked_(piece) {
  const parts = piece.split(/(https?:\/\/[^\s<>"'`(){}]*[^\s<>"'`(){}.,;:!?\u060c\u061b\u061f])/);
  const link = (/** @type {string} */ url) => `<a href="${escaped(url)}" style="color:#1d4ed8">${escaped(url)}</a>`;
  return parts.map((part, place) => (place % 2 ? link(part) : escaped(part))).join('');
}

/**
 * How to get no more mail, as a sentence.
 *
 * @param {Config} config
 * @param {WayOut} way
 * @returns {string}
 */
function leavingText_(config, way) {
  const words = config.words.mail;
  if (way.link) return words.leave_link;
  if (way.replies) return filled(words.leave_reply, words.leave_word);
  return way.replyTo ? filled(words.leave_write, way.replyTo) : '';
}

/**
 * @param {Config} config
 * @param {WayOut} way
 * @returns {string} HTML
 */
function leavingHtml_(config, way) {
  const sentence = escaped(leavingText_(config, way));
  return way.link ? `<a href="${escaped(way.link)}" style="color:#6b7280">${sentence}</a>` : sentence;
}

/**
 * The templates that may be used, by their keys.
 *
 * @param {Table | null} table
 * @returns {Map<string, Template>}
 */
function templatesOf(table) {
  /** @type {Map<string, Template>} */
  const templates = new Map();
  for (const row of table?.rows ?? []) {
    const own = /** @type {Table} */ (table);
    const of = (/** @type {string} */ column) => text(cell(own, row, column));
    const key = of('key');
    if (!key || templates.has(key) || !mailTick(own, row, 'active') || !of('subject') || !of('body')) continue;
    templates.set(key, { subject: of('subject'), body: of('body') });
  }
  return templates;
}

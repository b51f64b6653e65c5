/**
 * One form for what people write in many: phone numbers, addresses, letters, spaces. What is not certain stays as it is.
 */

/** Signs without a width, and those that turn the direction of what follows: nobody types them on purpose in a field. */
const INVISIBLE = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/**
 * A text in the letters of Persian where the CRM is Persian, otherwise as it is: Arabic keyboards type another yeh and
 * kaf, which look the same and are not found. A zero-width non-joiner stays where it parts two letters.
 *
 * @param {string} text
 * @param {string} language
 * @returns {string}
 */
function normalLetters(text, language) {
  if (language !== 'fa') return text;
  return text
    .replace(/[\u064a\u0649]/g, '\u06cc')
    .replace(/\u0643/g, '\u06a9')
    .replace(/\u200c{2,}/g, '\u200c')
    .replace(/(^|[\s\u200b])\u200c+/g, '$1')
    .replace(/\u200c+(?=[\s\u200b]|$)/g, '');
}

/**
 * A text of one line, such as a name: no spaces around it, none doubled, no signs that nobody sees.
 *
 * @param {string} text
 * @param {string} language
 * @returns {string}
 */
function normalLine(text, language) {
  return normalLetters(text.replace(INVISIBLE, '').replace(/[\t\u00a0\u2000-\u200a\u202f\u3000 ]+/g, ' ').trim(), language);
}

/**
 * An e-mail address: without what stands around it, its domain in small letters. The part before the @ stays, as some
 * hosts tell capitals there apart.
 *
 * @param {string} text
 * @returns {string}
 */
function normalEmail(text) {
  const plain = latinDigits(text.replace(INVISIBLE, '').replace(/\u200c/g, '')).trim().replace(/^mailto:/i, '');
  const at = plain.lastIndexOf('@');
  return at < 0 ? plain : plain.slice(0, at) + plain.slice(at).toLowerCase();
}

/**
 * A phone number as digits, with a plus where the country stands in front. No country is guessed, and what is more than
 * one number (two numbers, an extension, words) keeps its form.
 *
 * @param {string | number} value
 * @returns {string}
 */
function normalPhone(value) {
  const typed = latinDigits(String(value).replace(INVISIBLE, '').replace(/\u200c/g, '')).replace(/\uff0b/g, '+').trim();
  const bare = typed
    .replace(/^(\+|00)([\d\s.-]*)\(0\)/, '$1$2')
    .replace(/^tel:/i, '')
    .replace(/[\s\u00a0.()[\]\u2010-\u2015\u2212-]/g, '')
    .replace(/^00(?=[1-9])/, '+');
  return /^\+?\d{3,15}$/.test(bare) ? bare : typed;
}

/**
 * What a text is compared by: capitals, digits, letters and spaces that look or sound alike are the same.
 *
 * @param {any} value
 * @returns {string}
 */
function folded(value) {
  return latinDigits(normalLine(String(value ?? ''), 'fa'))
    .replace(/\u200c/g, '')
    .replace(/\s+/g, ' ')
    .normalize('NFKC')
    .toLowerCase();
}

/**
 * What two cells of a column are taken for the same by: of phone numbers their last nine digits, as one may be written
 * with its country and the other without; of all else the folded text. "" for what says too little.
 *
 * @param {any} value
 * @param {string} type
 * @returns {string}
 */
function sameness(value, type) {
  if (type !== 'phone') return folded(value);
  const digits = latinDigits(String(value ?? '')).replace(/\D/g, '');
  return digits.length >= 7 ? digits.slice(-9) : '';
}

const NUMBER_TYPES = ['money', 'number', 'integer', 'decimal', 'percent', 'score'];

/**
 * What a typed value becomes in a column of a type; the value itself where nothing is to be changed.
 *
 * @param {Config} config
 * @param {string} column
 * @param {string} type
 * @param {any} value as the sheet gives it
 * @returns {Entry}
 */
function normalValue(config, column, type, value) {
  if (value === '' || value === null || value === undefined || typeof value === 'boolean') return value;
  if (column.endsWith(JALALI_SUFFIX)) return normalDate_(config, value, true);
  if (type === 'date') return normalDate_(config, value, false);
  if (type === 'phone') return typeof value === 'string' || typeof value === 'number' ? normalPhone(value) : value;
  if (typeof value !== 'string') return value;
  if (NUMBER_TYPES.includes(type)) return writtenNumber(value) ?? value;
  if (type === 'email') return normalEmail(value);
  if (type === 'url' || type === 'id') return value.replace(INVISIBLE, '').trim();
  if (type === 'long_text') return normalLetters(value, config.language);
  if (type === 'stamp' || type === 'checkbox') return value;
  return normalLine(value, config.language);
}

/**
 * @param {Config} config
 * @param {any} value
 * @param {boolean} jalali whether the column holds the text of a Jalali date
 * @returns {Entry}
 */
function normalDate_(config, value, jalali) {
  const day = meantDay(value);
  if (day === null) return value;
  if (jalali) {
    const [first, last] = JALALI_YEARS;
    const known = day >= jalaliNewYear_(first) && day < jalaliNewYear_(last + 1);
    return known ? jalaliText(day, config.digits) : value;
  }
  // A date of our time is as it should be; one of the year 1405 is Jalali, and so may a text be.
  return value instanceof Date && value.getFullYear() >= 1900 ? value : { day };
}

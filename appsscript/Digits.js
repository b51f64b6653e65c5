/**
 * Digits and figures as people write them in Persian, Arabic and Latin script, and their plain forms.
 */

/**
 * @param {string} text
 * @returns {string} with each Persian or Arabic digit as 0-9
 */
function latinDigits(text) {
  return text.replace(/[\u06f0-\u06f9\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) & 15));
}

/**
 * @param {string} text
 * @returns {string} with each digit 0-9 in Persian
 */
function persianDigits(text) {
  return text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x6f0 + Number(digit)));
}

/**
 * The number that a text writes, in any digits, with or without signs between its thousands; null where it is not
 * certain that it is one. A percentage is a hundredth.
 *
 * @param {string} typed
 * @returns {number | null}
 */
function writtenNumber(typed) {
  const plain = latinDigits(typed)
    .replace(INVISIBLE, '')
    .replace(/\u066b/g, '.')
    .replace(/[\u066c\u060c]/g, ',')
    .replace(/[\u2212\u2010-\u2013]/g, '-')
    .replace(/\u066a/g, '%')
    .trim();
  const found = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d+)?(\.\d+)?\s*(%?)$/.exec(plain);
  if (!found || (!found[2] && !found[3])) return null;
  const number = Number(`${(found[2] ?? '0').replace(/,/g, '')}${found[3] ?? ''}`);
  const signed = found[1] === '-' ? -number : number;
  return Number.isFinite(signed) ? (found[4] ? signed / 100 : signed) : null;
}

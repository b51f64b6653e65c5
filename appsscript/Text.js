/**
 * Texts as people read them: filled in, in their digits, and harmless in a page.
 */

/**
 * A text with its %s, one after the other, replaced.
 *
 * @param {string} text
 * @param {...string} values
 * @returns {string}
 */
function filled(text, ...values) {
  return text.replace(/%s/g, () => values.shift() ?? '');
}

/**
 * A number in the digits of the CRM.
 *
 * @param {number} number
 * @param {string} digits
 * @returns {string}
 */
function numberText(number, digits) {
  const text = String(number);
  return digits === 'persian' ? text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x6f0 + Number(digit))) : text;
}

/**
 * A text for a page: nothing in it is a tag, an attribute's end or an entity any more.
 *
 * @param {string} text
 * @returns {string}
 */
function escaped(text) {
  return text.replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

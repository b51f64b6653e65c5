/**
 * Google's services for the script's own page on the web, and for signing its links.
 */

/**
 * @param {Config} config
 * @returns {Web}
 */
function webService(config) {
  return {
    // Google's getUrl names the published address only to the page itself: to a trigger it names one that nobody but
    // editors can open, or an old one (pablofelip.online/apps-script-web-app-url-v8).
    url: (asked = false) =>
      publishedUrl_(SpreadsheetApp.getActiveSpreadsheet(), config.marks.script) ||
      (asked ? ScriptApp.getService().getUrl() ?? '' : ''),
    answer: (html) => HtmlService.createHtmlOutput(html).addMetaTag('viewport', 'width=device-width, initial-scale=1'),
  };
}

/**
 * Where the script is published, by the note that is made at that; "" where it is not, or the note came with a copy.
 *
 * @param {GoogleAppsScript.Spreadsheet.Spreadsheet} spreadsheet
 * @param {string} mark
 * @returns {string}
 */
function publishedUrl_(spreadsheet, mark) {
  for (const found of spreadsheet.createDeveloperMetadataFinder().withKey(mark).find()) {
    try {
      const { spreadsheet: id, deployment } = JSON.parse(found.getValue() ?? '');
      const known = id === spreadsheet.getId() && typeof deployment === 'string' && /^[\w-]+$/.test(deployment);
      if (known) return `https://script.google.com/macros/s/${deployment}/exec`;
    } catch (_unreadable) {
      // as if there were none
    }
  }
  return '';
}

/**
 * HMAC-SHA-256 of a text, in hexadecimal digits.
 *
 * @param {string} text
 * @param {string} secret
 * @returns {string}
 */
function signService(text, secret) {
  // Left to itself, Google's function takes texts as ASCII.
  const signature = Utilities.computeHmacSha256Signature(text, secret, Utilities.Charset.UTF_8);
  return signature.map((byte) => (byte & 0xff).toString(16).padStart(2, '0')).join('');
}

/**
 * Google's services of the sheet and of what is shown beside it, for all that is handed them.
 *
 * @scope https://www.googleapis.com/auth/spreadsheets.currentonly
 * @scope https://www.googleapis.com/auth/script.container.ui
 */

/**
 * What the script needs of the world. Each is a function, as getting one may cost a call or need consent.
 *
 * @typedef {object} Services
 * @property {() => GoogleAppsScript.Base.Ui} ui
 * @property {() => GoogleAppsScript.Spreadsheet.Spreadsheet} spreadsheet
 * @property {(html: string) => GoogleAppsScript.HTML.HtmlOutput} page
 */

/**
 * The real ones.
 *
 * @returns {Services}
 */
function services() {
  return {
    ui: () => SpreadsheetApp.getUi(),
    spreadsheet: () => SpreadsheetApp.getActiveSpreadsheet(),
    page: (html) => HtmlService.createHtmlOutput(html),
  };
}

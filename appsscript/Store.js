/**
 * What outlives a run: the script's properties, notes on the spreadsheet, and the lock that lets one run go at a time.
 *
 * @scope https://www.googleapis.com/auth/spreadsheets.currentonly
 */

/**
 * The script's own properties: every person of this spreadsheet has the same ones, and a copy of it has none of them.
 *
 * @returns {Store}
 */
function storeService() {
  const properties = PropertiesService.getScriptProperties();
  return {
    get: (key) => properties.getProperty(key),
    set: (key, text) => {
      properties.setProperty(key, text);
    },
    remove: (key) => {
      properties.deleteProperty(key);
    },
    keys: () => properties.getKeys(),
    mark: (key, text) => {
      const spreadsheet = SpreadsheetApp.getActiveSpreadsheet();
      const [found, ...others] = spreadsheet.createDeveloperMetadataFinder().withKey(key).find();
      for (const one of others) one.remove();
      if (found) found.setValue(text);
      else spreadsheet.addDeveloperMetadata(key, text, SpreadsheetApp.DeveloperMetadataVisibility.DOCUMENT);
    },
  };
}

/** The lock that this run holds, and how often it took it: what sends mail locks, and runs in the dispatcher too. */
const HELD = { lock: /** @type {GoogleAppsScript.Lock.Lock | null} */ (null), times: 0 };

/**
 * The lock of the script, which is that of its one spreadsheet. Unlike the document's it is there for the script's own
 * page as well.
 *
 * @returns {Lock}
 */
function lockService() {
  return {
    take: (milliseconds) => {
      if (!HELD.lock) {
        const lock = LockService.getScriptLock();
        if (!lock.tryLock(milliseconds)) return false;
        HELD.lock = lock;
      }
      HELD.times += 1;
      return true;
    },
    free: () => {
      if (!HELD.lock) return;
      HELD.times -= 1;
      if (HELD.times > 0) return;
      HELD.lock.releaseLock();
      HELD.lock = null;
      HELD.times = 0;
    },
  };
}

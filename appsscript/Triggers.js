/**
 * What Google starts by itself, of whoever asks.
 *
 * @scope https://www.googleapis.com/auth/script.scriptapp
 */

/**
 * @returns {Triggers}
 */
function triggersService() {
  return {
    list: () =>
      ScriptApp.getProjectTriggers().map((trigger) => ({
        id: trigger.getUniqueId(),
        entry: trigger.getHandlerFunction(),
      })),
    make: (entry) => {
      ScriptApp.newTrigger(entry).timeBased().everyHours(1).create();
    },
    remove: (id) => {
      const found = ScriptApp.getProjectTriggers().find((trigger) => trigger.getUniqueId() === id);
      if (found) ScriptApp.deleteTrigger(found);
    },
  };
}

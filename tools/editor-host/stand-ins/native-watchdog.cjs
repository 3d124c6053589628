// Stands in for @vscode/native-watchdog, whose native part is not compiled: ends the process when its parent is gone.
/* global exports, process, setInterval */
exports.start = (pid) => {
  setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch (error) {
      if (error.code === 'ESRCH') process.exit(87);
    }
  }, 3000).unref();
};
exports.exit = (code) => process.exit(code ?? 0);

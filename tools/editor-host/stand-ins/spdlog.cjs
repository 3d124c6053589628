// Stands in for @vscode/spdlog, whose native part is not compiled: the same face, so that log files exist and tests
// can look into them. Writes at once instead of rotating; a test run's log is small.
/* global exports, require */
/* eslint-disable @typescript-eslint/no-require-imports -- the editor loads it as CommonJS */
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

class Logger {
  #file;
  #level = 2;
  #bare = false;

  constructor(_type, _name, file) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, '');
  }

  #write(level, message) {
    if (level < this.#level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    const line = this.#bare ? message : `${time} [${LEVELS[level]}] ${message}\n`;
    try {
      appendFileSync(this.#file, line);
    } catch {
      // The folder of the finished test run is gone: there is nobody left to tell.
    }
  }

  trace(message) {
    this.#write(0, message);
  }
  debug(message) {
    this.#write(1, message);
  }
  info(message) {
    this.#write(2, message);
  }
  warn(message) {
    this.#write(3, message);
  }
  error(message) {
    this.#write(4, message);
  }
  critical(message) {
    this.#write(5, message);
  }
  getLevel() {
    return this.#level;
  }
  setLevel(level) {
    this.#level = level;
  }
  setPattern() {
    // The one pattern that the editor uses is built in.
  }
  clearFormatters() {
    this.#bare = true;
  }
  flush() {
    // Nothing is held back.
  }
  drop() {
    // Nothing is held open.
  }
}

const create = (name, file) => Promise.resolve(new Logger('rotating', name, file));

exports.version = 0;
exports.setLevel = () => undefined;
exports.setFlushOn = () => undefined;
exports.Logger = Logger;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;

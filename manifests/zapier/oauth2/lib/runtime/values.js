'use strict';
/** What values are. */

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const isEmpty = (value) => value === undefined || value === null || value === '';

module.exports = { isObject, isEmpty };

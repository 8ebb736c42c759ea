// @ts-check
/**
 * Takes the place of lodash's isEqual: underscore is here already, for backbone. In a module
 * lodash throws five errors while it is read, for which the engine reads all of it again.
 */

export { isEqual as default } from "underscore";

// @ts-check
/** Questions of which options have a picture of moving hands. */

import { render as renderQuestions } from "../questions/questions.js";
import { createPictures } from "./pictures.js";

/** @param {any} props */
function render(props) {
  return renderQuestions(props, createPictures);
}
export default { render };

// @ts-check
/**
 * The widgets that draw hands, and the pad beside the guide: a script of their own, which the
 * page loads with the first of them. The cover needs none, so that it is there sooner.
 */

export { default as Learn } from "../../workbook/ui/widgets/learn/learn.js";
export { default as Pad } from "../../workbook/ui/widgets/pad/pad.js";
export { default as PicturedQuestions } from "../../workbook/ui/widgets/pictured/pictured.js";
export { default as PlanCard } from "../../workbook/ui/widgets/plan_card/plan_card.js";
export { default as Player } from "../../workbook/ui/widgets/player/player.js";
export { default as RestingHands } from "../../workbook/ui/widgets/resting_hands/resting_hands.js";

/**
 * Takes the place of @lumino/widgets with the four classes that base and controls use: of
 * the file it is published as, with docks, menus and grids, nothing can be left out.
 */

export { Panel } from "../node_modules/@lumino/widgets/src/panel";
export { PanelLayout } from "../node_modules/@lumino/widgets/src/panellayout";
export { TabBar } from "../node_modules/@lumino/widgets/src/tabbar";
export { Widget } from "../node_modules/@lumino/widgets/src/widget";

// @ts-check
/**
 * Outlines of a right arm, leg and foot, larger than on the figure, so that hands have room: the
 * inner side at x below 0, the end nearest the head on top.
 */

export const ARM_OUTLINE =
  "M-12 -40L-12 2C-11.5 22 -9.8 42 -9.4 58C-9.2 66 -10.2 74 -10 84C-9.6 100 -7.4 114 -6.4 130L6.4 130C7.6 114 10.4 100 11 86C11.2 76 10 68 10.4 58C11.2 40 14 22 13.4 6C12.8 -10 10 -26 6 -40Z";
export const LEG_OUTLINE =
  "M-17 -40C-17 0 -15.4 30 -13 60C-12 76 -12 88 -12.6 100C-13.8 116 -13 132 -10 150C-8 162 -7.4 170 -7.4 182L7.4 182C7.6 168 9.6 152 11.8 138C13.8 124 13.6 110 12.6 98C12.4 88 13 74 15 58C18 34 20 4 19.6 -40Z";
export const SOLE_OUTLINE =
  "M-6.8 0C-8.4 8 -8.2 14 -7.4 20C-6.8 26 -9.4 32 -10.6 39C-11 45 -9 47.6 -5 48C1 48.4 7.4 46.4 9.8 40C11.8 34 10.4 26 8.8 18C7.8 10 8 6 6.8 0C4.8 -4.4 -4.8 -4.4 -6.8 0Z";
/** Middle and radius of each toe, the first one on the inner side. */
export const TOES = [[-7.4, 50.4, 3.4], [-1.8, 51.4, 2.4], [2.5, 50, 2.2], [6.2, 47.6, 2], [9.2, 44.4, 1.8]];

export const ARM_LINES = "M-6 61C-2 64 3 64 7 61M-5.6 127C-2 129 2 129 5.6 127";
export const LEG_BACK_LINES = "M-9 87C-4 91 4 91 9 87M-8 93C-3 96 4 96 8.4 93M-1 104C-3 118 -3 132 -.4 146M0 148C-2 160 -2.4 168 -2 180M.6 148C2.4 160 2.6 168 2 180";
export const LEG_FRONT_LINES = "M-6 90C-7 82 7 82 6.4 90C6 99 -5.6 99 -6 90M-1 103C-2 124 -1 144 0 172";
export const SOLE_LINES = "M-6 31C-1 34 5 33 8.6 29M-2.4 44C.4 38 .8 30 -1.4 22M5.4 7C2 9.6 -2.6 9.6 -5.6 7";
export const FOOT_TOP_LINES = "M-5.6 42C-3 32 -2 20 -2.4 8M-.6 43C.4 32 1 20 .6 8M3.4 41.6C4 32 4 22 3 10";

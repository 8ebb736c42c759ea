// @ts-check
/** The book's own widgets, by the Python class that each belongs to. */

import { provide } from "./anywidget.js";
import bodyMap from "../../workbook/ui/widgets/body_map/body_map.js";
import deck from "../../workbook/ui/widgets/deck/deck.js";
import page from "../../workbook/ui/widgets/page/page.js";
import pad from "../../workbook/ui/widgets/pad/pad.js";
import planCard from "../../workbook/ui/widgets/plan_card/plan_card.js";
import player from "../../workbook/ui/widgets/player/player.js";
import prose from "../../workbook/ui/widgets/prose/prose.js";
import questions from "../../workbook/ui/widgets/questions/questions.js";
import secret from "../../workbook/ui/widgets/secret/secret.js";

provide("workbook.ui.widgets.body_map.BodyMap", bodyMap);
provide("workbook.ui.widgets.deck.Deck", deck);
provide("workbook.ui.widgets.page.Page", page);
provide("workbook.ui.widgets.pad.Pad", pad);
provide("workbook.ui.widgets.plan_card.PlanCard", planCard);
provide("workbook.ui.widgets.player.Player", player);
provide("workbook.ui.widgets.prose.Prose", prose);
provide("workbook.ui.widgets.questions.Questions", questions);
provide("workbook.ui.widgets.secret.Secret", secret);

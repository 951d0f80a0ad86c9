import { AdoptionTab } from "@scoreboard/adoption-tab";
import "@scoreboard/adoption-tab/style.css";

export default AdoptionTab;

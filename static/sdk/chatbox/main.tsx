import "./chatbox.css";
import { connectPort } from "../src/port.js";

connectPort(() => {});

/** The smallest host application: the tests put the package into it, as a page of another origin would. */
import { lazy, Suspense, useState } from "react";
import { createRoot } from "react-dom/client";

const AdoptionTab = lazy(() => import("./adoption.js"));

const functions = new URLSearchParams(location.search).get("functions");

let tokens = 0;
const getToken = async () => `token-${++tokens}`;

function Host() {
    const [open, setOpen] = useState(false);
    return (
        <>
            <header data-own>
                <h1>Host</h1>
                <h2>Its section</h2>
                <h3>Its part</h3>
                <p className="answer sections tab">
                    A paragraph with <a href="#there">a link</a>, <code>code</code> and{" "}
                    <strong>weight</strong>.
                </p>
                <ul>
                    <li>An item</li>
                </ul>
                <dl>
                    <dt>A term</dt>
                    <dd>Its definition</dd>
                </dl>
                <table>
                    <tbody>
                        <tr>
                            <th>A head</th>
                            <td>A cell</td>
                        </tr>
                    </tbody>
                </table>
                <details open>
                    <summary>A summary</summary>
                    <output>An output</output>
                    <progress value="1" max="2" />
                </details>
                <input aria-label="A field" />
                <select aria-label="A choice" />
                <figure>A figure</figure>
                <button type="button" onClick={() => setOpen(true)}>
                    Adoption
                </button>
            </header>
            <main className="place">
                <Suspense>
                    {open && <AdoptionTab baseUrl={functions} getToken={getToken} />}
                </Suspense>
            </main>
        </>
    );
}

createRoot(document.getElementById("host")).render(<Host />);

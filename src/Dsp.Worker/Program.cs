using Dsp.Worker;

// Started by the server or `dsp reindex` for one document, which arrives on standard input; what was read leaves on standard
// output, one line of JSON for each page and one at the end. Whoever starts it sets the limits of the process.
return args is ["read", var kind, .. var rest] ? Reading.Run(kind, Order.From(rest)) : args is ["practise"] ? 0 : 64;

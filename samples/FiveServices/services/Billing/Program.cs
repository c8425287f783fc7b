using Contracts;
using Telemetry;

var app = WebApplication.CreateBuilder(args).Build();

app.MapGet("/", () => Journal.Line("billing", new Order(1, "lamp")));

app.Run();

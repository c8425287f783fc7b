using Contracts;
using Telemetry;

var app = WebApplication.CreateBuilder(args).Build();

app.MapGet("/", () => Journal.Line("gateway", new Order(1, "lamp")));

app.Run();

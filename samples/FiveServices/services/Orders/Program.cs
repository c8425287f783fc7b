using Contracts;
using Telemetry;

var app = WebApplication.CreateBuilder(args).Build();

app.MapGet("/", () => Journal.Line("orders", new Order(1, "lamp")));

app.Run();

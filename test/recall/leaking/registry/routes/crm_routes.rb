class CrmRoutes < Sinatra::Base
  get('/describe') { Crm.new.describe.to_json } #! key-in-response
  get('/name') { Crm.new.describe[:name] }
  get('/name2') { Registry.resolve(:name) }
end

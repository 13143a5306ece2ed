class Hello
  def call(env)
    return [404, {}, ['not found']] unless env['PATH_INFO'] == '/'
    [200, { 'content-type' => 'text/plain' }, ['hello']]
  end
end
run Hello.new
